"""Which language a text is in, told by py3langid (BSD; Lui & Baldwin 2012), without a network."""

import re
from functools import cache
from typing import Any

CANDIDATES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk", "zh")
LEAST_LETTERS = 24
SURE = 0.9

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`|https?://\S+", re.DOTALL)


def language_of(text: str) -> str | None:
    """Return the language code of ``text``, or ``None`` when it is too short or too mixed to tell."""
    words = _CODE.sub(" ", text)
    if sum(1 for letter in words if letter.isalpha()) < LEAST_LETTERS:
        return None
    code, probability = _identifier().classify(words)
    return str(code) if probability >= SURE else None


@cache
def _identifier() -> Any:  # noqa: ANN401 - the package has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CANDIDATES))
    return identifier
