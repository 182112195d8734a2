"""Texts of a model without HTML, before anything else looks at them (``stations.untrusted`` is for the page)."""

import re

_TAG_BEGINS = re.compile(r"<(?=[A-Za-z/!?])")


def harmless(text: str) -> str:
    """Return the text without the beginning of any HTML tag: ``<b>`` becomes ``‹b>``."""
    return _TAG_BEGINS.sub("‹", text)
