"""The illness or situation of the one they are close to (`tilstand`)."""

from __future__ import annotations

from typing import List, Sequence

from components.entities.lexicon import Match, Matcher
from components.entities.tokens import Found, Token

OLD = {"gammel", "gammal", "gamal", "gamle"}
COUNTED = {"år", "aar", "ar", "mnd", "måneder", "månader", "uker", "veker", "dager"}


def conditions(words: Sequence[Token], matcher: Matcher) -> List[Found]:
    """Return the conditions in the order in which they stand; weak forms only when there is no other."""
    matches = [match for match in matcher.find(words) if not _is_age(match, words)]
    strong = [match for match in matches if match.form.kind == "forms"]
    found: List[Found] = []
    for match in strong or matches:
        start, end = words[match.first].start, words[match.last - 1].end
        if found and found[-1].value == match.form.value and start - found[-1].end == 1:
            start = found.pop().start  # "frontotemporal demens" is one
        found.append(Found("tilstand", match.form.value, start, end))
    return found


def _is_age(match: Match, words: Sequence[Token]) -> bool:
    """Return whether "gammel" tells an age ("12 år gammel", "hvor gammel") and nothing of frailty."""
    if match.form.words[0] not in OLD:
        return False
    before = words[match.first - 1].low if match.first else ""
    return before in COUNTED or before in {"hvor", "kor", "så"} or before.isdigit()
