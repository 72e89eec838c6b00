"""The browser backend: Chromium, driven by playwright (extra ``webarena-browser``)."""
