"""The text backend: a browser of pages without a browser."""
