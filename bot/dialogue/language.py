"""Which language a message is in. Bokmål or Nynorsk by small words that only one of them has."""

import re
from functools import lru_cache
from pathlib import Path

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_WORD = re.compile(r"[^\W\d_]+")
_DATA = Path(__file__).with_name("language.yaml")

# A guess at another language needs this many words and this much certainty: short texts are taken as Norwegian.
FOREIGN_WORDS = 3
FOREIGN_CERTAINTY = 0.9


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in data.items()}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def malform_of(text: str) -> str | None:
    """Return "nb" or "nn" when the text shows which, else None."""
    words = [word.lower() for word in _WORD.findall(text)]
    nynorsk = sum(word in _words()["nn"] for word in words)
    bokmal = sum(word in _words()["nb"] for word in words)
    if nynorsk == bokmal:
        return None
    return "nn" if nynorsk > bokmal else "nb"


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the text's language; Norwegian (nb or nn) unless another is clear."""
    words = [word.lower() for word in _WORD.findall(text)]
    norwegian = sum(word in _words()["norsk"] for word in words)
    if len(words) >= FOREIGN_WORDS and norwegian * 4 < len(words):
        code, certainty = _identifier().classify(text)
        latin = any("a" <= letter <= "z" for letter in "".join(words))
        if code not in ("nb", "nn", "no") and (certainty >= FOREIGN_CERTAINTY or not latin):
            return str(code)
    return malform_of(text) or "nb"
