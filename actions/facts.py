"""The facts in a turn's entities, put right: ages without a role, several values, another patient than before."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from actions.places import find_kommuner
from knowledge import Knowledge
from knowledge.vocabulary import Relasjon, Tilstand

Json = dict[str, Any]

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
