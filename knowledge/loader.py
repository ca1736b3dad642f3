"""Read the knowledge base from its files, once, into memory.

Every error names the file and the entry, so that an editor can find it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.contact import Contact
from knowledge.crisis_answer import Crisis
from knowledge.hours import OSLO
from knowledge.offer import GENERAL_TOPIC, Kommune, Offer, RankedOffer, mixed, rank_offers
from knowledge.rates import Rate, Rates
from knowledge.schema import IntentTitle, Phrase, Topic

ROOT = Path(__file__).resolve().parent
TITLES_FILE = "intent_titles.yaml"
ROUTING_FILE = "routing.yaml"
RATES_FILE = "rates.yaml"

M = TypeVar("M", bound=BaseModel)
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class KnowledgeError(Exception):
    """A file of the knowledge base cannot be used. The message names the file and the entry."""


class Knowledge:
    """The whole knowledge base, read-only. Make it with `load_knowledge`."""

    def __init__(
        self,
        *,
        topics: Mapping[str, Topic],
        contacts: Mapping[str, Contact],
        crisis: Mapping[str, Crisis],
        phrases: Mapping[str, Phrase],
        intents: Mapping[str, IntentTitle],
        offers: Mapping[str, Offer],
        kommuner: Mapping[str, Kommune],
        routing: Mapping[str, tuple[str, ...]],
        credits: tuple[str, ...],
        files: Mapping[str, Path],
        rates: Rates | None = None,
    ) -> None:
        """Hold what was read. `files` says which file an entry came from ("topics/demens" -> path)."""
        self.written_topics = MappingProxyType(dict(topics))
        self.rates = rates or Rates()
        self._topics_of_day: tuple[date, Mapping[str, Topic]] | None = None
        self.contacts = MappingProxyType(dict(contacts))
        self.crisis = MappingProxyType(dict(crisis))
        self.phrases = MappingProxyType(dict(phrases))
        self.intents = MappingProxyType(dict(intents))
        self.offers = MappingProxyType(dict(offers))
        self.kommuner = MappingProxyType(dict(kommuner))
        self.routing = MappingProxyType(dict(routing))
        self.credits = credits
        self.files = MappingProxyType(dict(files))

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics, with the rates that hold today (in Norway)."""
        return self.topics_on(datetime.now(OSLO).date())

    def topics_on(self, day: date) -> Mapping[str, Topic]:
        """Return the topics with the rates that hold on `day`; the last day asked for is remembered."""
        known = self._topics_of_day
        if known is None or known[0] != day:
            filled = {name: self.rates.topic_on(topic, day) for name, topic in self.written_topics.items()}
            known = self._topics_of_day = (day, MappingProxyType(filled))
        return known[1]

    def offers_for(
        self,
        kommune: str | None = None,
        topic: str | None = None,
        tilstand: str | None = None,
        limit: int = 5,
    ) -> list[RankedOffer]:
        """Return up to `limit` offers: own kommune, near, county and region, then the whole country.

        Never empty while there are national offers: without a fit, general ones are given.
        """
        ranked = rank_offers(self.offers.values(), self.kommuner, kommune, topic, tilstand)
        if not ranked:
            ranked = rank_offers(self.offers.values(), self.kommuner, kommune, GENERAL_TOPIC, None)
        return mixed(ranked, limit)

    def open_now(self, contact: Contact, at: datetime) -> bool | None:
        """Return whether `contact` can be reached at `at` (with a time zone); None when unknown."""
        return contact.open_at(at)

    def contacts_for(
        self, topic: str | None = None, tilstand: str | None = None, kommune: str | None = None
    ) -> list[Contact]:
        """Return the contacts for a topic or condition, plain ones first; local ones only at home."""
        found = [
            contact
            for contact in self.contacts.values()
            if (topic in contact.topics.intents or (tilstand and tilstand in contact.topics.tilstander))
            and (not contact.kommuner or kommune in contact.kommuner)
        ]
        return sorted(found, key=lambda c: (not c.is_plain, tilstand not in c.topics.tilstander))

    def open_alternatives(self, at: datetime, *, under_18: bool = False, limit: int = 3) -> list[Contact]:
        """Return plainly shown contacts that answer the phone at `at`, for when nobody is on duty here."""
        names = self.routing["young_alternatives" if under_18 else "alternatives"]
        chosen = (self.contacts[name] for name in names)
        return [contact for contact in chosen if contact.open_now_by_phone(at)][:limit]

    def intent_title(self, intent: str, malform: str) -> str:
        """Return `intent` as a relative would read it on a button. Raise KeyError for an unknown one."""
        return self.intents[intent].title.in_(malform)


def load_knowledge(path: Path | None = None) -> Knowledge:
    """Read the knowledge base under `path` (default: the one shipped). Raise KnowledgeError."""
    root = path or ROOT
    files: dict[str, Path] = {}
    phrase_files = [file for file in _yaml_files(root / "phrases") if file.name != TITLES_FILE]
    contact_files = [file for file in _yaml_files(root / "contacts") if file.name != ROUTING_FILE]
    topics = _each_file(Topic, root, "topics", files, key=lambda topic: topic.id)
    crisis = _each_file(Crisis, root, "crisis", files, key=lambda item: item.intent)
    contacts = _lists(Contact, "contacts", contact_files, files, key=lambda item: item.id)
    phrases = _lists(Phrase, "phrases", phrase_files, files, key=lambda item: item.id)
    titles = _lists(IntentTitle, "intents", [root / "phrases" / TITLES_FILE], files, key=lambda item: item.id)
    offer_files = [*_yaml_files(root / "offers"), *_yaml_files(root / "offers" / "local")]
    offers = _lists(Offer, "offers", offer_files, files, key=lambda item: item.id)
    kommuner, credits = _kommuner(root / "kommuner.json")
    routing = _routing(root / "contacts" / ROUTING_FILE, contacts)
    rates = _rates(root / RATES_FILE, files)
    for name, topic in topics.items():
        if unknown := rates.unknown_in(topic):
            raise KnowledgeError(f"{files[f'topics/{name}']}: {name}: unknown rate {', '.join(unknown)}")
    return Knowledge(
        topics=topics,
        contacts=contacts,
        crisis=crisis,
        phrases=phrases,
        intents=titles,
        offers=offers,
        kommuner=kommuner,
        routing=routing,
        credits=credits,
        files=files,
        rates=rates,
    )


def _rates(file: Path, files: dict[str, Path]) -> Rates:
    """Read the rates. Raise KnowledgeError for periods of one rate that overlap."""
    rows = [_model(Rate, data, file, _name(data)) for _, data in _entries([file])]
    files |= {f"rates/{rate.id}": file for rate in rows}
    try:
        return Rates(rows)
    except ValueError as error:
        raise KnowledgeError(f"{file}: {error}") from error


def _yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files directly in `folder`, by name. Raise KnowledgeError without the folder."""
    if not folder.is_dir():
        raise KnowledgeError(f"{folder}: the folder is missing")
    return sorted(folder.glob("*.yaml"))


def read_yaml(file: Path) -> Any:
    """Return the content of a YAML file. Raise KnowledgeError with the place of a mistake."""
    try:
        with file.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=_Loader)  # noqa: S506 - both loaders are the safe ones
    except OSError as error:
        raise KnowledgeError(f"{file}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{file}: {' '.join(str(error).split())}") from error


def _model(kind: type[M], data: Any, file: Path, entry: str) -> M:
    """Return `data` as a `kind`. Raise KnowledgeError naming file, entry, field and what is wrong."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(all)"
        raise KnowledgeError(f"{file}: {entry}: {field}: {first['msg']}") from error


def _each_file(
    kind: type[M], root: Path, folder: str, files: dict[str, Path], key: Callable[[M], str]
) -> dict[str, M]:
    """Read a folder with one entry a file; the file must be named for its entry."""
    found: dict[str, M] = {}
    for file in _yaml_files(root / folder):
        entry = _model(kind, read_yaml(file), file, file.stem)
        if key(entry) != file.stem:
            raise KnowledgeError(f"{file}: {key(entry)}: the file is not named for its entry")
        found[file.stem] = entry
        files[f"{folder}/{file.stem}"] = file
    return found


def _lists(
    kind: type[M], folder: str, paths: list[Path], files: dict[str, Path], key: Callable[[M], str]
) -> dict[str, M]:
    """Read files that each hold a list of entries; an id may stand once in all of them."""
    found: dict[str, M] = {}
    for file, data in _entries(paths):
        name = _name(data)
        entry = _model(kind, data, file, name)
        if key(entry) in found:
            raise KnowledgeError(f"{file}: {name}: the id is used twice")
        found[key(entry)] = entry
        files[f"{folder}/{key(entry)}"] = file
    return found


def _name(data: Any) -> str:
    return str(data.get("id", "?")) if isinstance(data, dict) else "?"


def _entries(paths: list[Path]) -> Iterator[tuple[Path, Any]]:
    """Yield every entry of every file with its file."""
    for file in paths:
        content = read_yaml(file)
        if not isinstance(content, list):
            raise KnowledgeError(f"{file}: (all): the file must be a list of entries")
        for data in content:
            yield file, data


def _kommuner(file: Path) -> tuple[dict[str, Kommune], tuple[str, ...]]:
    """Read the municipalities and the credits their sources ask for."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows, credits = data["kommuner"], tuple(str(line) for line in data["credits"])
    except OSError as error:
        raise KnowledgeError(f"{file}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"{file}: (all): {error}") from error
    found = (_model(Kommune, row, file, str(row.get("number", "?"))) for row in rows)
    return {kommune.number: kommune for kommune in found}, credits


def _routing(file: Path, contacts: Mapping[str, Contact]) -> dict[str, tuple[str, ...]]:
    """Read which contacts are suggested for what. Raise KnowledgeError for an unknown contact."""
    data = read_yaml(file)
    if not isinstance(data, dict):
        raise KnowledgeError(f"{file}: (all): the file must map a name to contact ids")
    for name, ids in data.items():
        for contact_id in ids:
            if contact_id not in contacts:
                raise KnowledgeError(f"{file}: {name}: unknown contact {contact_id}")
    return {str(name): tuple(ids) for name, ids in data.items()}
