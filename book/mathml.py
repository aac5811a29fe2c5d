"""Formulas as MathML, made when the book is built: no page needs a script or a font for them."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

_UNKNOWN = {r"\lVert": r"\|", r"\rVert": r"\|"}


def _mathml(node: nodes.Node, display: str) -> str:
    text = node.astext()
    for theirs, known in _UNKNOWN.items():
        text = text.replace(theirs, known)
    # A formula may be wider than a telephone; then it is scrolled, by keys as well.
    return convert(text.strip(), display=display)


def _inline(translator: Any, node: nodes.Element) -> None:
    translator.body.append(_mathml(node, "inline"))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.Element) -> None:
    translator.body.append(
        f'<div class="formula" tabindex="0" role="group" aria-label="formula">{_mathml(node, "block")}</div>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx know of the renderer."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
