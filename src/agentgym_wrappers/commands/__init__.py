"""Commands that need the wrappers."""
