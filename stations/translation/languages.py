"""Names of the languages that models translate, for people and for models."""

from collections.abc import Iterable

from stations.texts import Language, say

ENGLISH_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""By code (ISO 639-1); what a model is told, whatever language the page is in."""
LATIN = frozenset(ENGLISH_NAMES) - {"ar", "bg", "el", "fa", "he", "hi", "ja", "ko", "ru", "sr", "uk", "zh"}
"""Languages in which names are spelled as in German."""
DENSE = frozenset({"zh", "ja", "ko"})
"""Languages that need far fewer letters."""


def language_name(code: str, language: Language) -> str:
    """Return what people call a language; a code that has no name here comes back as it is."""
    return say(f"translate.language_{code}", language) if code in ENGLISH_NAMES else code


def english_name(code: str) -> str:
    """Return what a model is told; a code that has no name here comes back as it is."""
    return ENGLISH_NAMES.get(code, code)


def choices(codes: Iterable[str], language: Language) -> list[tuple[str, str]]:
    """Return (name, code) of the languages that have a name, German and English first, then by name."""
    first = {"de": 0, "en": 1}
    named = [(language_name(code, language), code) for code in dict.fromkeys(codes) if code in ENGLISH_NAMES]
    return sorted(named, key=lambda each: (first.get(each[1], len(first)), each[0].casefold()))
