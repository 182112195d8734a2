"""What a model or a visitor wrote, made harmless before a page shows it.

Emphasis, lists, tables and code stay. Pictures, links, HTML and formulas become the plain text they were written
with: nothing is fetched, nothing leads away, nothing runs. The page's security policy is the second wall.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt
from mdformat.renderer import DEFAULT_RENDERERS, MDRenderer, RenderContext, RenderTreeNode

_WAYS_OUT = ["autolink", "html_block", "html_inline", "image", "link", "reference"]
_TURNS_INTO_A_LINK = re.compile(
    r"(?<=https):(?=//)|(?<=http):(?=//)|(?<=ftp):(?=//)|(?<=www)\.|@", re.IGNORECASE
)
_SECOND_OF_TWO = re.compile(r"(?<=<)<")
"""mdformat escapes only the first of ``<<``; the second would begin HTML."""


@lru_cache(maxsize=256)
def defused(markdown: str) -> str:
    """Return Markdown that reads the same but holds no picture, link, HTML or formula.

    Works on unfinished text too, so that a streamed answer is safe at every moment. The grammar is CommonMark as read
    by markdown-it and written by mdformat.
    """
    parser, renderer, options = _machinery()
    return str(renderer.render(parser.parse(markdown), options, {}))


@cache
def _machinery() -> tuple[MarkdownIt, MDRenderer, Mapping[str, Any]]:
    parser = MarkdownIt("commonmark", {"html": False}).disable(_WAYS_OUT)
    plain_text = SimpleNamespace(RENDERERS={"text": _text}, POSTPROCESSORS={})
    options = {
        **parser.options,
        "codeformatters": {},
        "mdformat": {"number": True},
        "parser_extension": [plain_text],
    }
    return parser, MDRenderer(), options


def _text(node: RenderTreeNode, context: RenderContext) -> str:
    """Write plain text so that the page's own Markdown reader finds no HTML and no address to link."""
    written = _SECOND_OF_TWO.sub(r"\\<", DEFAULT_RENDERERS["text"](node, context))
    return _TURNS_INTO_A_LINK.sub(r"\\\g<0>", written)
