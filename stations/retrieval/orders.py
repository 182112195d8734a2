"""Sentences of a document that speak to a language model: they are not quoted to one.

Marks around quotations and a sentence in the prompt stop most of them; a small model obeys some nevertheless. People
still see these sentences: they stay in the passage that the page shows. A list of patterns finds what people write
today and no more; it is one wall of three.
"""

import re

from stations.prose.sentences import spans

_WORD = r"(?:wort|satz|mit|nichts|frage|word|with|nothing|question)"
_ORDERS = (
    r"\b(?:ignorier|vergiss|vergessen|missacht|übergeh|ignore|disregard|forget|override)\w*\b.{0,60}?\b(?:anweisung|"
    r"instruktion|vorgabe|regel|instruction|rule|prompt|above|previous)",
    r"\b(?:neue|geänderte|new|updated)\w*\s+(?:anweisung|instruktion|systemanweisung|instruction|order)",
    r"\b(?:antwort|schreib|sag|answer|reply|respond|write|say|output)\w*\b.{0,60}?\b(?:nur|ausschließlich|immer|stets|"
    rf"ab jetzt|von nun an|jede|only|always|from now on|every|nothing but)\b.{{0,40}}?\b{_WORD}\b",
    r"\b(?:antwort|schreib|answer|reply|respond|write)\w*\b.{0,20}?\b(?:ab jetzt|von nun an|from now on)\b",
    r"\b(?:du bist|sie sind|you are)\s+(?:jetzt|nun|ab sofort|now)\s+(?:eine?|an?)\b",
    r"\b(?:für die|an die|to the|dear)\s+(?:ki|ai|assistent\w*|assistant|sprachmodell\w*|language model)\b",
    r"\bassistant\s*:|(?:^|\n)\s*(?:system|user)\s*:",
    r"im_(?:start|end)",
)
_ORDER = re.compile("|".join(_ORDERS), re.IGNORECASE | re.DOTALL)


def without_orders(text: str, language: str) -> str:
    """Return a text without its sentences that speak to a model; "…" stands in their place."""
    if not _ORDER.search(text):
        return text
    parts, last = list[str](), 0
    for begin, end in spans(text, language):
        is_order = _ORDER.search(text[begin:end]) is not None
        parts += [text[last:begin], "…" if is_order else text[begin:end]]
        last = end
    return "".join(parts) + text[last:]
