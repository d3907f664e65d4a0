"""The languages that families read at home: how each is told to a PDF and to a screen reader.

A contact's language is typed by hand; what is not in the table is kept as it was typed, and has no code.
"""

CODES: dict[str, str] = {
    "Albanian": "sq",
    "Amharic": "am",
    "Arabic": "ar",
    "Bengali": "bn",
    "Bulgarian": "bg",
    "Chinese": "zh",
    "Czech": "cs",
    "Danish": "da",
    "Dutch": "nl",
    "Farsi": "fa",
    "French": "fr",
    "German": "de",
    "Greek": "el",
    "Gujarati": "gu",
    "Hebrew": "he",
    "Hindi": "hi",
    "Hungarian": "hu",
    "Italian": "it",
    "Kurdish": "ku",
    "Latvian": "lv",
    "Lithuanian": "lt",
    "Malayalam": "ml",
    "Nepali": "ne",
    "Pashto": "ps",
    "Persian": "fa",
    "Polish": "pl",
    "Portuguese": "pt",
    "Punjabi": "pa",
    "Romanian": "ro",
    "Russian": "ru",
    "Slovak": "sk",
    "Somali": "so",
    "Spanish": "es",
    "Tamil": "ta",
    "Thai": "th",
    "Turkish": "tr",
    "Ukrainian": "uk",
    "Urdu": "ur",
    "Vietnamese": "vi",
    "Welsh": "cy",
}
"""The name of each language in English -> its code (ISO 639-1)."""

_BY_LOWER = {name.casefold(): name for name in CODES}


def language_name(given: str) -> str:
    """A language as it is kept: its name in the table where it has one; empty for English."""
    plain = " ".join(given.split())
    return "" if plain.casefold() in ("", "english") else _BY_LOWER.get(plain.casefold(), plain)


def language_of(given: str) -> str:
    """A language as two of them are compared; empty for English."""
    return language_name(given).casefold()


def code_of(language: str) -> str:
    """The code of a language for a document, English where it is not known."""
    return CODES.get(language_name(language), "en")
