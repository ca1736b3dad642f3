"""Whom the writer is a relative of (`relasjon`)."""

from __future__ import annotations

from typing import List, Optional, Sequence

from components.entities.lexicon import Match, Matcher
from components.entities.tokens import Found, Token
from components.entities.words import ARTICLES, BEING, HAVING, OF, POSSESSIVES, WRITER

PARTNERS = {"ektefelle", "samboer", "kjaereste"}
PARENTS = {"mor", "far", "forelder"}
CHILDREN = {"sonn", "datter", "barn"}
SIBLINGS = {"bror", "soster", "sosken"}


def relations(words: Sequence[Token], matcher: Matcher) -> List[Found]:
    """Return the relations in the order in which they stand.

    A relation that names the writer's own part ("som mor til en gutt", "jeg er datter av") is left out, and a
    chain is one relation ("moren til mannen min", "mannens mor" are a parent-in-law).
    """
    matches = [match for match in matcher.find(words) if _counts(match, words)]
    found: List[Found] = []
    skip = False
    for position, match in enumerate(matches):
        if skip:
            skip = False
            continue
        following = matches[position + 1] if position + 1 < len(matches) else None
        if _is_writer(match, words):
            continue
        chained = _chain(match, following, words) if following else None
        if chained and following:
            found.append(_found(chained, match.first, following.last, words))
            skip = True
        else:
            found.append(_found(match.form.value, match.first, match.last, words))
    return found


def _found(value: str, first: int, last: int, words: Sequence[Token]) -> Found:
    return Found("relasjon", value, words[first].start, words[last - 1].end)


def _counts(match: Match, words: Sequence[Token]) -> bool:
    """Return whether a form that needs a possessive has one, or an article for a child ("har ei jente på ni")."""
    if match.form.kind != "own":
        return True
    before = [word.low for word in words[max(0, match.first - 4) : match.first]]
    after = [word.low for word in words[match.last : match.last + 2]]
    if (after[:1] and after[0] in POSSESSIVES) or set(before[-2:]) & POSSESSIVES:
        return True
    if words[match.last - 1].low in {"mannens", "manns", "mannas"}:
        return True
    if match.form.value in CHILDREN:
        article = next((place for place in range(len(before) - 1, -1, -1) if before[place] in ARTICLES), None)
        if article is not None and article > 0 and before[article - 1] in HAVING:
            return True
        return after[:1] == ["på"] and len(words) > match.last + 1 and words[match.last + 1].low.isdigit()
    return False


def _is_writer(match: Match, words: Sequence[Token]) -> bool:
    """Return whether the word is the writer's own part ("jeg er mor til ...", "mor til en gutt")."""
    before = [word.low for word in words[max(0, match.first - 3) : match.first]]
    after = [word.low for word in words[match.last : match.last + 2]]
    if not after or after[0] not in OF or (before and before[-1] in POSSESSIVES):
        return False
    if not before or words[match.first].first or before[-1] == "som":
        return len(after) > 1 and after[1] in ARTICLES
    return any(word in WRITER for word in before) and any(word in BEING for word in before)


def _chain(match: Match, following: Match, words: Sequence[Token]) -> Optional[str]:
    """Return the one relation that two make together, or None."""
    between = [word.low for word in words[match.last : following.first]]
    if between and (between[0] in {"til", "te", "åt", "tel"}) and len(between) <= 2:
        return _of(match.form.value, following.form.value)
    genitive = words[match.last - 1].low.endswith("s") and not between
    if genitive or (between and between[0] in {"sin", "si", "sitt", "sine", "sæ"} and len(between) <= 2):
        return _of(following.form.value, match.form.value)
    return None


def _of(part: str, whole: str) -> Optional[str]:
    """Return what the `part` of the `whole` is to the writer: the mother of the husband is a parent-in-law."""
    if whole in PARTNERS:
        if part in PARENTS:
            return "svigerforelder"
        return "stebarn" if part in CHILDREN else "annen_slekt"
    if whole in PARENTS:
        if part in PARENTS:
            return "besteforelder"
        return "annen_slekt" if part in SIBLINGS else None
    if whole in CHILDREN:
        if part in CHILDREN:
            return "barnebarn"
        return "annen_slekt" if part in PARTNERS | {"ekspartner"} else None
    if whole in SIBLINGS:
        return "annen_slekt" if part in CHILDREN | PARTNERS else None
    return None
