"""Sphinx's settings for the book; ``build.py`` calls Sphinx with what it has put together."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "CS2S"
author = "the CS2S workbook authors"
copyright = "MIT licence"
extensions = ["myst_nb", "mathml"]
root_doc = "contents"
# Chapters are shown as they were run; nothing is run here.
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 4
# Widgets would ask other hosts for their scripts; ``chapters.py`` says where one was.
nb_ipywidgets_js: dict = {}
html_math_renderer = "mathml"
html_theme = "furo"
html_title = "CS2S: a workbook on predicting human motion"
html_static_path = ["_static"]
templates_path = ["_templates"]
# The theme's own, with a way back to the page that predicts.
_AROUND = ["sidebar/brand.html", "door.html", "sidebar/search.html", "sidebar/scroll-start.html"]
html_sidebars = {"**": [*_AROUND, "sidebar/navigation.html", "sidebar/scroll-end.html"]}
html_css_files, html_js_files = ["book.css"], ["book.js"]
html_show_sourcelink = False
html_copy_source = False
html_last_updated_fmt = None
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
add_module_names = False
# A notebook is text, and so is what it printed; of code that shows a shell's words there is no language to be guessed.
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure", "mystnb.unknown_mime_type", "myst.header"]
