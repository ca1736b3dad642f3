"""The illness or situation of the one they are close to (`tilstand`)."""

from __future__ import annotations

import re
from typing import List, Sequence

from components.entities.lexicon import Match, Matcher
from components.entities.tokens import Found, Token
from components.entities.words import DRINKS, MEALS, MONTHS, NEGATIONS, OLD, YEARS

# Who or what is there for an illness is not the illness: "Kreftforeningen", "demensteamet", "ruskonsulent".
SERVICE = re.compile(
    r"(?:avdeling|bolig|enhet|eining|foreining|forening|forbund|klinikk|konsulent|kontakt|koordinator|"
    r"kurs|landsby|lege|linj[ae]|omsorg|plan|plass|post|rådgiv\w*|register|senter|skole|skule|sjuke?plei\w*|"
    r"syke?plei\w*|team|teneste|tjeneste|vern)(?:a|ar|e|en|ene|er|et|n|ne|s)*$"
)


# "12 år gammel", "hvor gammel" tell an age and nothing of frailty.
COUNTED = YEARS | MONTHS | {"hvor", "kor", "så"}
FEW = 6  # words: so short a message is an answer to a question rather than a story


def conditions(words: Sequence[Token], matcher: Matcher) -> List[Found]:
    """Return the conditions in the order in which they stand; weak forms only when there is no other."""
    matches = [
        match
        for match in matcher.find(words)
        if not _is_something_else(match, words) and (match.form.kind != "short" or len(words) <= FEW)
    ]
    strong = [match for match in matches if match.form.kind == "forms"]
    found: List[Found] = []
    for match in strong or matches:
        if match.form.kind == "short" and any(item.value == match.form.value for item in found):
            continue
        start, end = words[match.first].start, words[match.last - 1].end
        if found and found[-1].value == match.form.value and start - found[-1].end == 1:
            start = found.pop().start  # "frontotemporal demens" is one
        found.append(Found("tilstand", match.form.value, start, end))
    return found


def _is_something_else(match: Match, words: Sequence[Token]) -> bool:
    """Return whether it is a service for an illness, an illness denied, an age, or one who drinks water."""
    low = words[match.first].low
    if low in OLD:
        return {word.low for word in words[max(0, match.first - 2) : match.first]} & COUNTED != set()
    if match.first and words[match.first - 1].low in NEGATIONS and not words[match.first].first:
        return True  # "det er ikke kreft"
    if match.form.value == "alkohol" and low in DRINKS:
        after = [word.low for word in words[match.last : match.last + 3]]
        before = [word.low for word in words[max(0, match.first - 3) : match.first]]
        return bool(MEALS & set(before + after) or NEGATIONS & set(before[-1:] + after[:1]))
    return len(match.form.words) == 1 and bool(SERVICE.search(low))
