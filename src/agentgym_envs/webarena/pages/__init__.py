"""Pages that look the same to a real browser and to a text browser.

A view builds a page from the parts of `build`, which refuse what breaks the
contract. `compile_page` turns it into the lines of an accessibility tree, and
`to_html` into what a browser loads. That both give the same observation is shown
by tests against Chromium.
"""
