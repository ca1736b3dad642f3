"""Read the rights navigator's questions and rules from their files, and find what a schema cannot see in them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.hours import OSLO
from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.navigator import KOMMUNE, Navigator, Need, Rule
from knowledge.text import Text, gsm7_misfits, lix

FOLDER = ROOT / "navigator"
LIX_LIMIT = 45.0
LIX_MIN_WORDS = 15  # the measure says nothing about a shorter text

Json = dict[str, Any]


def navigator_for(knowledge: Knowledge) -> Navigator:
    """Return the navigator of a knowledge base with today's rates: read anew when the knowledge base was."""
    return _navigator_on(knowledge, datetime.now(OSLO).date())


@lru_cache(maxsize=4)
def _navigator_on(knowledge: Knowledge, day: date) -> Navigator:
    return knowledge.rates.filled(_as_written(knowledge), day)


@lru_cache(maxsize=2)
def _as_written(_knowledge: Knowledge) -> Navigator:
    return load_navigator()


def load_navigator(folder: Path = FOLDER) -> Navigator:
    """Read the navigator. Raise KnowledgeError naming file, entry, field and what is wrong."""
    questions, rules = folder / "questions.yaml", folder / "rules.yaml"
    asked = _mapping(questions)
    offered = asked.pop("offered_from", {})
    asked |= {"offered_first": offered.get("first", ()), "offered_also": offered.get("also", ())}
    try:
        navigator = Navigator(**asked, rules=tuple(_rules(rules)))
    except ValidationError as error:
        raise _wrong(questions, "(all)", error) from error
    _check_conditions(navigator, rules)
    return navigator


def check_navigator(navigator: Navigator, knowledge: Knowledge, today: date) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as entry and problem: unknown topics, missing Nynorsk, overdue review, bad sources."""
    for rule in navigator.rules:
        if rule.topic not in knowledge.topics:
            yield rule.id, f"ukjent emne {rule.topic}"
        for source in rule.sources:
            if source.seen > today:
                yield rule.id, f"kilden er sett i framtiden: {source.url}"
    for topic in (*navigator.offered_first, *navigator.offered_also):
        if topic not in knowledge.topics:
            yield "offered_from", f"ukjent emne {topic}"
    for entry, text in navigator_texts(navigator):
        if not text.nn:
            yield entry, f"mangler nynorsk: {text.nb}"
        for _, value in text.both():
            if len(value.split()) >= LIX_MIN_WORDS and lix(value) > LIX_LIMIT:
                yield entry, f"tung å lese, lix {lix(value):.0f}: {value}"
            if gsm7_misfits(value):
                yield entry, f"tegn som SMS ikke har: {gsm7_misfits(value)}"
    if navigator.next_review < today:
        yield "questions", f"skulle vært gjennomgått {navigator.next_review}"


def navigator_texts(navigator: Navigator) -> Iterator[tuple[str, Text]]:
    """Yield every text that a relative may read, with the entry it stands in."""
    for question in navigator.questions:
        texts = (
            question.text,
            question.help,
            question.chat_note,
            *(option.label for option in question.options),
        )
        yield from ((question.id, text) for text in texts if text)
    for rule in navigator.rules:
        needs = (text for need in rule.needs for text in (need.because, need.unknown))
        own = (rule.title, rule.summary, rule.apply, rule.deadline, rule.note, *rule.unknown)
        yield from ((rule.id, text) for text in (*own, *needs) if text)


def _rules(file: Path) -> Iterator[Rule]:
    data = _mapping(file)
    seen: set[str] = set()
    for row in data.get("rules", ()):
        name = str(row.get("id", "?")) if isinstance(row, dict) else "?"
        if name in seen:
            raise KnowledgeError(f"{file}: {name}: the id is used twice")
        seen.add(name)
        try:
            yield Rule(**_resolved(row, data))
        except ValidationError as error:
            raise _wrong(file, name, error) from error
        except (KeyError, TypeError, ValueError) as error:
            raise KnowledgeError(f"{file}: {name}: unknown name or wrong form: {error}") from error


def _resolved(row: Json, data: Json) -> Json:
    """Return a rule with what it names put in. Raise KeyError for a name that is not there."""
    return row | {
        "needs": [data["needs"][need] if isinstance(need, str) else need for need in row["needs"]],
        "apply": _named(row["apply"], data["apply"]),
        "deadline": _named(row.get("deadline"), data["deadlines"]),
        "law": [
            {"name": name, "section": section, "url": data["laws"][name]} for name, section in row["law"]
        ],
        "sources": [data["sources"][name] for name in row["sources"]],
    }


def _named(value: Any, named: Json) -> Any:
    return named[value] if isinstance(value, str) else value


def _mapping(file: Path) -> Json:
    data = read_yaml(file)
    if not isinstance(data, dict):
        raise KnowledgeError(f"{file}: (all): the file must map names to entries")
    return dict(data)


def _wrong(file: Path, entry: str, error: ValidationError) -> KnowledgeError:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "(all)"
    return KnowledgeError(f"{file}: {entry}: {field}: {first['msg']}")


def _check_conditions(navigator: Navigator, file: Path) -> None:
    """Refuse a condition on a question or a value that does not exist: it could never be met."""
    values = {question.id: question.all_values for question in navigator.questions}
    for rule in navigator.rules:
        for need in rule.needs:
            for condition in _conditions(need):
                for name, wanted in condition.items():
                    if name == KOMMUNE or not set(wanted) <= values.get(name, frozenset()):
                        raise KnowledgeError(
                            f"{file}: {rule.id}: no such answer: {name}: {', '.join(wanted)}"
                        )


def _conditions(need: Need) -> Iterator[Mapping[str, tuple[str, ...]]]:
    yield from need.when
    yield from need.maybe
