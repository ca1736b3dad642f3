"""What is wrong with the training data, and what shares it has."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml

from bot.dialogue.training import ENGINE
from bot.evaluation.metrics import share
from bot.evaluation.near import near_copies
from bot.evaluation.training_data import Annotation, TrainingMessage
from bot.evaluation.voice import has_official_term, is_long, is_noisy, official_terms, variety_of
from knowledge import Knowledge
from knowledge.vocabulary import Relasjon, Tilstand

# Intents that come from the service and have no messages of their own.
MADE_BY_THE_SERVICE = frozenset({"usikker", "nlu_fallback"})
LEAST_MESSAGES: Mapping[str, int] = {"knowledge": 250, "crisis": 250, "helpline": 100}
# Messages that look like danger and are none, each under the intent it should get: what the crises are told from.
NEAR_MISSES, LEAST_NEAR_MISSES = "nesten_krise.yml", 1_000
LEAST_NOT_BOKMAL, LEAST_NOISY, LEAST_LONG, MOST_OFFICIAL = 0.25, 0.25, 1 / 3, 0.30
# So short a message ("ja takk", "hei på deg") is everybody's: it may stand in training and in evaluation.
SHARED_WORDS = 3
SHORT_WORDS = 6


@dataclass(frozen=True)
class Domain:
    """What may stand in the training data."""

    intents: frozenset[str]
    entities: Mapping[str, frozenset[str]]
    """The roles of each entity."""
    values: Mapping[str, frozenset[str]]
    """The values of the entities that have a closed list."""


@dataclass(frozen=True)
class Checked:
    """Errors must be mended; warnings say where more or other messages are wanted."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Shares:
    """How the messages of an intent, or of all, are written."""

    messages: int
    nynorsk: float
    dialect: float
    noisy: float
    long: float
    short: float
    official: float | None
    """None for intents that have no official term: danger, and what is about the helpline."""


def read_domain(knowledge: Knowledge) -> Domain:
    """Return the domain from the engine's files and the knowledge base."""
    data = yaml.safe_load((ENGINE / "domain" / "intents.yml").read_text(encoding="utf-8"))
    return Domain(
        intents=frozenset(_name(item) for item in data["intents"]) - MADE_BY_THE_SERVICE,
        entities={_name(item): _roles(item) for item in data["entities"]},
        values={
            "relasjon": frozenset(get_args(Relasjon)),
            "tilstand": frozenset(get_args(Tilstand)),
            "kommune": frozenset(knowledge.kommuner),
        },
    )


def evaluation_texts(folder: Path) -> dict[str, str]:
    """Return the texts of all evaluation files by "file id", whatever else their lines hold."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                found[f"{file.stem} {row.get('id', len(found))}"] = str(row["text"])
    return found


def check(
    messages: Sequence[TrainingMessage],
    evaluation: Mapping[str, str],
    domain: Domain,
    knowledge: Knowledge,
) -> Checked:
    """Return what is wrong; `evaluation` has the texts that must not be trained on, by their id."""
    errors = [*_unknown(messages, domain), *_copies(messages, evaluation)]
    warnings = (*_too_few(messages, domain, knowledge), *_near_misses(messages), *_shares_missed(messages))
    return Checked(tuple(errors), warnings)


def shares_of(messages: Sequence[TrainingMessage]) -> Shares:
    """Return how messages are written."""
    count = len(messages)
    varieties = Counter(variety_of(message.text) for message in messages)
    topical = [message for message in messages if _is_topical(message.intent)]
    return Shares(
        messages=count,
        nynorsk=share(varieties["nynorsk"], count),
        dialect=share(varieties["dialekt"], count),
        noisy=share(sum(is_noisy(message.text) for message in messages), count),
        long=share(sum(is_long(message.text) for message in messages), count),
        short=share(sum(len(message.text.split()) < SHORT_WORDS for message in messages), count),
        official=_official(topical) if topical else None,
    )


def _official(messages: Sequence[TrainingMessage]) -> float:
    return share(sum(has_official_term(message.text, message.intent) for message in messages), len(messages))


def _is_topical(intent: str) -> bool:
    return intent in official_terms()


def _unknown(messages: Iterable[TrainingMessage], domain: Domain) -> Iterator[str]:
    for message in messages:
        if message.intent not in domain.intents:
            yield f"{message.place}: unknown intent {message.intent}"
        for annotation in message.annotations:
            if wrong := _wrong_annotation(annotation, domain):
                yield f"{message.place}: {wrong}"


def _wrong_annotation(annotation: Annotation, domain: Domain) -> str | None:
    name = annotation.entity
    if name not in domain.entities:
        return f"unknown entity {name}"
    if annotation.role is not None and annotation.role not in domain.entities[name]:
        return f"unknown role {annotation.role} of {name}"
    if annotation.value is not None and name in domain.values and annotation.value not in domain.values[name]:
        return f"unknown value {annotation.value} of {name}"
    return None


def _copies(messages: Sequence[TrainingMessage], evaluation: Mapping[str, str]) -> Iterator[str]:
    """Yield near copies within the training data, and between it and the evaluation set."""
    ids = list(evaluation)
    texts = [message.text for message in messages] + [evaluation[name] for name in ids]
    trained = len(messages)
    for pair in sorted(near_copies(texts)):
        if pair.second < trained:
            first, second = messages[pair.first], messages[pair.second]
            intents = first.intent if first.intent == second.intent else f"{first.intent} and {second.intent}"
            yield f"{second.place}: near copy of {first.place} ({pair.likeness:.2f}; {intents})"
        elif pair.first < trained and len(texts[pair.first].split()) > SHARED_WORDS:
            name = ids[pair.second - trained]
            yield f"{messages[pair.first].place}: near copy of {name} of the evaluation set ({pair.likeness:.2f})"


def _too_few(messages: Iterable[TrainingMessage], domain: Domain, knowledge: Knowledge) -> Iterator[str]:
    counts = Counter(message.intent for message in messages)
    for intent in sorted(domain.intents):
        least = LEAST_MESSAGES[knowledge.intents[intent].kind]
        if counts[intent] < least:
            yield f"{intent}: {counts[intent]} messages, wanted are {least}"


def _near_misses(messages: Iterable[TrainingMessage]) -> Iterator[str]:
    count = sum(message.file == NEAR_MISSES for message in messages)
    if count < LEAST_NEAR_MISSES:
        yield f"{NEAR_MISSES}: {count} near misses of danger, wanted are {LEAST_NEAR_MISSES}"


def _shares_missed(messages: Sequence[TrainingMessage]) -> Iterator[str]:
    found = shares_of(messages)
    for words, value, least in (
        ("in Nynorsk or dialect", found.nynorsk + found.dialect, LEAST_NOT_BOKMAL),
        ("with noise", found.noisy, LEAST_NOISY),
        ("longer than two sentences", found.long, LEAST_LONG),
    ):
        if value < least:
            yield f"{value:.0%} of the messages are {words}, wanted are {least:.0%}"
    if found.official is not None and found.official > MOST_OFFICIAL:
        yield f"{found.official:.0%} of the messages have the official term, wanted are {MOST_OFFICIAL:.0%} at most"


def _name(item: Any) -> str:
    return str(next(iter(item))) if isinstance(item, dict) else str(item)


def _roles(item: Any) -> frozenset[str]:
    return frozenset(item[_name(item)].get("roles", ())) if isinstance(item, dict) else frozenset()
