"""Whom the writer is a relative of (`relasjon`).

A word for kin may also be the writer's own part ("som mor", "vi døtrene"), somebody else's kin ("moren hennes",
"sjefen sin kone"), parents at large ("kurs for foreldre"), or one who only gave advice ("naboen sier"). None of
these says whom the writer is a relative of, and they are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

from components.entities.ages import child_by_age
from components.entities.lexicon import Form, Match, Matcher
from components.entities.tokens import Found, Token
from components.entities.words import (
    ALONE,
    ARTICLES,
    AT_LARGE,
    BEING,
    HAVING,
    HERS,
    HIS,
    INFINITIVES,
    NEGATIONS,
    OF,
    OTHERS,
    PART_FILLERS,
    POINTED_AT,
    POSSESSIVES,
    REFLEXIVES,
    SMALL,
    THEIRS,
    WE,
    WRITER,
)

PARTNERS = {"ektefelle", "samboer", "kjaereste"}
PARENTS = {"mor", "far", "forelder"}
CHILDREN = {"sonn", "datter", "barn"}
SIBLINGS = {"bror", "soster", "sosken"}
GRANDPARENTS = {"besteforelder", "steforelder"}
ACQUAINTANCES = {"nabo", "venn", "kollega"}
SOME_CHILD = {"barn", "voksent_barn"}
A_CERTAIN_CHILD = {"sonn", "datter", "stebarn", "barnebarn"}
# What a word means to the one who is a child's parent: "sønnen min savner pappa" is not about the writer's father.
SEEN_BY_A_CHILD = PARENTS | SIBLINGS | GRANDPARENTS | {"kjaereste"}
# One can be these to somebody of another kind; a neighbour's neighbour is a neighbour.
PARTS = (
    PARENTS | CHILDREN | SIBLINGS | GRANDPARENTS | {"barnebarn", "svigerforelder", "stebarn", "voksent_barn"}
)
# What somebody is to the one who says "jeg er moren hennes", "jeg er moren hans", "jeg er moren".
ROUND: Dict[str, Tuple[str, str, str]] = {
    **dict.fromkeys(("mor", "far", "forelder"), ("datter", "sonn", "barn")),
    **dict.fromkeys(("datter", "sonn", "barn"), ("mor", "far", "forelder")),
    **dict.fromkeys(SIBLINGS, ("soster", "bror", "sosken")),
    "besteforelder": ("barnebarn",) * 3,
    "barnebarn": ("besteforelder",) * 3,
    "steforelder": ("stebarn",) * 3,
    "stebarn": ("steforelder",) * 3,
}
FEW = 6  # words: so short a message is the answer to "who are you to them?"
GENITIVES = {"sin", "si", "sitt", "sine", "sæ"}
BRANCH = {"til", "te", "åt", "tel"}


@dataclass(frozen=True)
class _Kin:
    """A relation at words[first:last]; `possessed` says that it is told to be the writer's ("min", "vår")."""

    value: str
    first: int
    last: int
    possessed: bool


def relations(words: Sequence[Token], matcher: Matcher) -> List[Found]:
    """Return the relations in the order in which they stand.

    A chain is one relation ("moren til mannen min", "mannens mor" are a parent-in-law).
    """
    matches = _matches(words, matcher)
    kin = _of_the_writer(_chained(matches, words)) or _turned_round(matches, words)
    return [Found("relasjon", one.value, words[one.first].start, words[one.last - 1].end) for one in kin]


def _matches(words: Sequence[Token], matcher: Matcher) -> List[Match]:
    """Return the words for kin that stand for a person here, with children named by their age ("niåringen")."""
    found = [match for match in matcher.find(words) if _counts(match, words)]
    taken = {index for match in found for index in range(match.first, match.last)}
    for index in range(len(words)):
        if index not in taken and child_by_age(words, index):
            found.append(Match(Form((words[index].low,), "barn", "forms", False), index, index + 1))
    return sorted(found, key=lambda match: match.first)


def _chained(matches: Sequence[Match], words: Sequence[Token]) -> List[_Kin]:
    """Return chains as one, and of the rest what is neither the writer's own part nor somebody else's kin."""
    kin: List[_Kin] = []
    position = 0
    while position < len(matches):
        match = matches[position]
        following = matches[position + 1] if position + 1 < len(matches) else None
        chained = _chain(match, following, words) if following else None
        if _is_part(match, words):
            position += 1
        elif chained and following:
            kin.append(_Kin(chained, match.first, following.last, True))
            position += 2
        else:
            if not _is_of_others(match, words):
                possessed = _has_possessive(match, words)
                kin.append(_Kin(match.form.value, match.first, match.last, possessed))
            position += 1
    return kin


def _of_the_writer(kin: Sequence[_Kin]) -> List[_Kin]:
    """Return those that are the writer's own, judged by the others in the message."""
    family = any(one.value not in ACQUAINTANCES for one in kin)
    certain_child = any(one.value in A_CERTAIN_CHILD for one in kin)
    kept: List[_Kin] = []
    child_before = False
    for one in kin:
        if family and one.value in ACQUAINTANCES:
            continue
        if not one.possessed and (
            (certain_child and one.value in SOME_CHILD) or (child_before and one.value in SEEN_BY_A_CHILD)
        ):
            continue
        child_before = child_before or one.value in CHILDREN | A_CERTAIN_CHILD
        kept.append(one)
    return kept


def _turned_round(matches: Sequence[Match], words: Sequence[Token]) -> List[_Kin]:
    """Return whom "jeg er dattera hennes" makes the writer a relative of, in a message that says little else."""
    if len(words) > FEW:
        return []
    kin: List[_Kin] = []
    for match in matches:
        if _is_being(_before(match, words)):
            whose = (_after(match, words) or [""])[0]
            her, him, some = ROUND.get(match.form.value, (None, None, None))
            value = her if whose in HERS else him if whose in HIS else some
            if value:
                kin.append(_Kin(value, match.first, match.last, False))
    return kin


def _before(match: Match, words: Sequence[Token], reach: int = 4) -> List[str]:
    """Return the words before a match, none from an earlier sentence."""
    start = match.first
    while start > 0 and match.first - start < reach and not words[start].first:
        start -= 1
    return [word.low for word in words[start : match.first]]


def _after(match: Match, words: Sequence[Token]) -> List[str]:
    """Return the two words after a match, as far as nothing but a space stands between."""
    after: List[str] = []
    for index in range(match.last, min(match.last + 2, len(words))):
        if words[index].start - words[index - 1].end > 1:
            break
        after.append(words[index].low)
    return after


def _has_possessive(match: Match, words: Sequence[Token]) -> bool:
    """Return whether "min" or "vår" stands beside a match, or before the adjective at its side ("min kjære mann")."""
    before, after = _before(match, words, 2), _after(match, words)
    if (after and after[0] in POSSESSIVES) or (before and before[-1] in POSSESSIVES):
        return True
    if len(match.form.words) > 1 and POSSESSIVES & {word.low for word in words[match.first : match.last]}:
        return True
    return len(before) > 1 and before[0] in POSSESSIVES and before[1].endswith("e")


def _counts(match: Match, words: Sequence[Token]) -> bool:
    """Return whether a form stands for a person: one under `own` needs a possessive or "har en ..."."""
    before, after, low = _before(match, words), _after(match, words), words[match.first].low
    if low in {"eks", "morra"} and match.first and words[match.first - 1].low in {"f", "i"}:
        return False  # "f.eks.", "i morra"
    if match.form.value == "seg_selv":
        return not NEGATIONS & set(before)
    if match.form.kind == "bare":
        return not (POINTED_AT & set(before[-2:]))
    if match.form.kind != "own" or _has_possessive(match, words) or low in {"mannens", "manns", "mannas"}:
        return True
    return match.form.value in CHILDREN | PARTNERS | {"forelder", "sosken"} and _is_had(match, before, after)


def _is_had(match: Match, before: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether the writer has one: "har ei jente på ni", "adopterte en gutt", "har en mann med ms"."""
    if match.form.value in CHILDREN and after[:1] == ["på"] and after[1:2] and after[1].isdigit():
        return not (OTHERS & set(before) or _is_being(before))
    owner = next((place for place in range(len(before) - 1, -1, -1) if before[place] in HAVING), None)
    if owner is None or (owner > 0 and before[owner - 1] in OTHERS):
        return False
    between = before[owner + 1 :]
    if match.form.value in PARTNERS:
        return bool(between) and between[0] in ARTICLES and after[:1] in (["med"], ["som"])
    return (not between and before[owner] in {"med", "har"}) or (bool(between) and between[0] in ARTICLES)


def _is_part(match: Match, words: Sequence[Token]) -> bool:
    """Return whether the word is the writer's own part ("jeg er mor til ...", "som far", "vi døtrene")."""
    if match.form.value not in PARTS or _has_possessive(match, words):
        return False
    before, after = _before(match, words), _after(match, words)
    if after[:1] == ["her"] and not before:
        return True  # "bestefar her"
    of_some = len(after) > 1 and after[0] in OF and (after[1] in ARTICLES or after[1].isdigit())
    if not before or (of_some and before[-1] == "som"):
        return of_some  # "mor til to", "som mor til en gutt"
    return (
        before[-1] in ALONE
        or _is_as(match, before, words)
        or _is_being(before)
        or _is_one_of_us(match, before)
    )


def _is_as(match: Match, before: Sequence[str], words: Sequence[Token]) -> bool:
    """Return whether it is "jeg som mor", "hva gjør jeg som far?", and not "brevet som mor fikk"."""
    if "som" not in before[-2:]:
        return False
    place = len(before) - 1 - list(reversed(before)).index("som")
    if any(word not in PART_FILLERS for word in before[place + 1 :]):
        return False
    by_writer = place > 0 and before[place - 1] in WRITER | WE | {"man", "ein", "en", "du"}
    ends = match.last == len(words) or words[match.last].first
    return by_writer or ends or place == 0 or place + 1 < len(before)


def _is_being(before: Sequence[str]) -> bool:
    """Return whether it is "jeg er (bare en) mor", "er jeg en dårlig datter" or "å være søster"."""
    rest = list(before)
    while rest and rest[-1] in PART_FILLERS:
        rest.pop()
    if not rest:
        return False
    if rest[-1] in INFINITIVES:
        return True
    if len(rest) < 2:
        return False
    writer = WRITER - {"i", "meg", "mæ"} | WE
    return (rest[-1] in BEING and rest[-2] in writer) or (rest[-1] in writer and rest[-2] in BEING)


def _is_one_of_us(match: Match, before: Sequence[str]) -> bool:
    """Return whether it is "vi døtrene", "oss to søsken", "vi er tre søstre"."""
    low, we = match.form.words[0], WE - {"me", "mi"}  # "me ungen" may be "med ungen"
    many = low.endswith(("ne", "an", "re", "ra")) or (
        match.form.value in {"forelder", "barn", "sosken"} and not low.endswith(("en", "et"))
    )
    return many and bool(we & set(before[-2:])) and (before[-1] in we or before[-1] in PART_FILLERS)


def _is_of_others(match: Match, words: Sequence[Token]) -> bool:
    """Return whether the word is somebody else's kin, or people at large."""
    before, after = _before(match, words), _after(match, words)
    if _has_possessive(match, words) or (match.form.value not in PARTS and _is_being(before)):
        return False  # "jeg er naboen hans" tells who the other is too
    if before and (before[-1] in THEIRS | AT_LARGE or (len(before) == 1 and before[0] in NEGATIONS)):
        return True
    if len(before) > 1 and before[-2] in THEIRS and before[-1].endswith("e"):
        return True  # "hans eldre bror"
    if not after:
        return False
    if after[0] in THEIRS - REFLEXIVES:
        return True
    if after[0] in REFLEXIVES:  # "slår kona si", and not "kona sin lege"
        return len(after) == 1 or words[match.last + 1].first or after[1] in SMALL
    return match.form.value in PARENTS and after[0] in OF and after[1:2] != [] and after[1] in ARTICLES


def _chain(match: Match, following: Match, words: Sequence[Token]) -> Optional[str]:
    """Return the one relation that two make together, or None."""
    if any(word.first for word in words[match.last : following.last]):
        return None
    between = [word.low for word in words[match.last : following.first]]
    if between and between[0] in BRANCH and len(between) <= 2:
        return _of(match.form.value, following.form.value)
    genitive = words[match.last - 1].low.endswith("s")
    if (genitive and not between) or (between and between[0] in GENITIVES and len(between) <= 2):
        return _of(following.form.value, match.form.value)
    return None


def _of(part: str, whole: str) -> str:
    """Return what the `part` of the `whole` is to the writer: the mother of the husband is a parent-in-law.

    Where no word says it ("vennen til sønnen min"), it is the `whole` that the writer is a relative of.
    """
    if part == "annen_slekt":
        return part
    if whole in PARTNERS:
        if part in PARENTS:
            return "svigerforelder"
        if part in CHILDREN:
            return "stebarn"
        return "annen_slekt" if part in SIBLINGS else whole
    if whole in PARENTS:
        if part in PARENTS:
            return "besteforelder"
        return "annen_slekt" if part in SIBLINGS else whole
    if whole in CHILDREN:
        if part in CHILDREN:
            return "barnebarn"
        return "annen_slekt" if part in PARTNERS | {"ekspartner"} else whole
    if whole in SIBLINGS:
        return "annen_slekt" if part in CHILDREN | PARTNERS else whole
    return whole
