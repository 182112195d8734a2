"""A program of its own that takes out of a page what people do not read: HTML comes in, HTML goes out.

Started with ``python -I``; knows nothing of the kit. Menus and hidden text are left out: what nobody sees must not be
found, and a hidden instruction must not reach a model.
"""

import sys

NOT_READ = [
    "script", "style", "noscript", "template", "nav", "svg", "canvas", "iframe", "object", "embed", "button", "select",
    "dialog",
]  # fmt: skip
AROUND = "body > header, body > footer, body > aside"
HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i], [style*="visibility:hidden" i]'
MOST = 5000
"""A page with more hidden pieces is made to take long."""


def main() -> None:
    """Write the page without them."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(sys.stdin.buffer.read().decode("utf-8", errors="replace"))
    page.strip_tags(NOT_READ, recursive=True)
    for _ in range(MOST):  # one at a time: a hidden piece may lie in another
        piece = page.css_first(f"{HIDDEN}, {AROUND}")
        if piece is None:
            break
        piece.decompose(recursive=True)
    sys.stdout.buffer.write((page.html or "").encode("utf-8", errors="replace"))


if __name__ == "__main__":
    main()
