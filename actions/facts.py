"""The facts in a turn's entities, put right: ages without a role, several values, another patient than before.

Facts that the engine does not look for (work, home, consent, closest relative) come as entities `svar`,
"fact:value", from the service's phrases and from buttons. They have no slots: they are remembered among the answers
in the slot `navigator`, which asks for some of them too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from actions.places import find_kommuner
from knowledge import Knowledge
from knowledge.navigator import SEPARATOR, SKIPPED, answers_in, begun
from knowledge.told import told_for
from knowledge.vocabulary import PATIENT_FACTS, SAID_FACTS, Relasjon, Tilstand

Json = dict[str, Any]

ANSWER: Final = "svar"
FACTS: Final = ("relasjon", "tilstand", "kommune", "pasient_alder", "skriver_alder")
OLDEST: Final = 120.0

_RELATIONS: Final = frozenset(get_args(Relasjon))
_CONDITIONS: Final = frozenset(get_args(Tilstand))
# Two words for one person: the second is only more or less exact than the first.
_SAME_PERSON: Final = tuple(
    frozenset(group)
    for group in (
        {"mor", "forelder"},
        {"far", "forelder"},
        {"sonn", "barn", "voksent_barn"},
        {"datter", "barn", "voksent_barn"},
        {"bror", "sosken"},
        {"soster", "sosken"},
        {"ektefelle", "samboer"},
        {"samboer", "kjaereste"},
    )
)


def read_facts(
    entities: Sequence[Json], before: Mapping[str, Any], awaited: str | None, knowledge: Knowledge
) -> Json:
    """Return the facts that hold after the turn, by slot, None for unknown.

    `before` holds the facts before the turn, `awaited` the fact that was asked for. A fact about the patient that
    belongs to somebody else than the one now spoken of is forgotten.
    """
    told = {
        "relasjon": _first(_values(entities, "relasjon"), _RELATIONS),
        "tilstand": _first(_values(entities, "tilstand"), _CONDITIONS),
        "kommune": _only(find_kommuner(_values(entities, "kommune"), knowledge)),
        **_ages(entities, awaited),
    }
    told = {name: value for name, value in told.items() if value is not None}
    kept = {name: before.get(name) for name in FACTS}
    if "relasjon" in told and not _same_person(before.get("relasjon"), told["relasjon"]):
        kept |= {"tilstand": None, "pasient_alder": None}
    return kept | told


def read_answers(
    intent: str,
    entities: Sequence[Json],
    before: Mapping[str, Any],
    awaited: str | None,
    knowledge: Knowledge,
) -> dict[str, str]:
    """Return the remembered answers after the turn, by question or fact; SKIPPED where the relative does not know.

    Those about another patient than the one now spoken of are forgotten.
    """
    kept = answers_in(before.get("navigator"))
    told = _first(_values(entities, "relasjon"), _RELATIONS)
    if told and not _same_person(before.get("relasjon"), told):
        kept = {name: value for name, value in kept.items() if name not in PATIENT_FACTS}
    return kept | said_facts(intent, entities, awaited, knowledge)


def said_facts(
    intent: str, entities: Sequence[Json], awaited: str | None, knowledge: Knowledge
) -> dict[str, str]:
    """Return the facts without slots that this message tells; a plain yes, no or "do not know" answers a question."""
    pairs = (value.partition(SEPARATOR) for value in _values(entities, ANSWER))
    told = {
        name: value
        for name, _, value in pairs
        if value in SAID_FACTS.get(name, ()) or (value == SKIPPED and name in SAID_FACTS)
    }
    if told or awaited is None or awaited not in SAID_FACTS:
        return told
    if SKIPPED in _values(entities, ANSWER):
        return {awaited: SKIPPED}
    phrases = told_for(knowledge)
    meant = {"bekreft": phrases.ja, "avkreft": phrases.nei}.get(intent, {}).get(awaited)
    return {awaited: meant} if meant else {}


def remembered(answers: Mapping[str, str], before: Sequence[str] | None) -> list[str] | None:
    """Return the answers as the slot `navigator` holds them; an empty walk stays begun."""
    if answers:
        return [f"{name}{SEPARATOR}{value}" for name, value in answers.items()]
    return [] if begun(before) else None


def told_facts(entities: Sequence[Json], awaited: str | None, knowledge: Knowledge) -> frozenset[str]:
    """Return the names of the facts that these entities tell."""
    facts = read_facts(entities, {}, awaited, knowledge)
    return frozenset(name for name, value in facts.items() if value is not None)


def age_of(value: Any) -> float | None:
    """Return an age in years from an entity's value, None when it is not one."""
    try:
        age = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return age if 0 <= age <= OLDEST else None


def _ages(entities: Sequence[Json], awaited: str | None) -> Json:
    """An age without a role is the patient's, unless the writer's was asked for."""
    ages: Json = {}
    for entity in entities:
        if entity.get("entity") != "alder":
            continue
        role = entity.get("role") or ("skriver" if awaited == "skriver_alder" else "pasient")
        ages.setdefault(f"{role}_alder", age_of(entity.get("value")))
    return ages


def _values(entities: Sequence[Json], name: str) -> list[str]:
    return [str(entity.get("value")) for entity in entities if entity.get("entity") == name]


def _first(values: Sequence[str], allowed: frozenset[str]) -> str | None:
    return next((value for value in values if value in allowed), None)


def _only(values: Sequence[str]) -> str | None:
    """Two places, or one name that two share, tell nothing yet."""
    return values[0] if len(values) == 1 else None


def _same_person(before: Any, now: str) -> bool:
    return before is None or before == now or any({before, now} <= group for group in _SAME_PERSON)
