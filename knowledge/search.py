"""Full text search over the topics: what to offer when no intent is sure, and what a person looks up.

Words are brought to one form (lemma.yaml, lemma_spacy.yaml), then stemmed (Snowball, Norwegian), before they are stored
and looked up.
`Index` has them in memory, in SQLite's FTS5. Where PostgreSQL keeps the conversations, its own full text search ranks
the same words (bot/conversation/lookup.py), and this one is there when it does not answer. Neither gives weight to a
word that most topics use ("avlastning"), so a word in a topic's title also counts by how few titles have it.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from math import log
from pathlib import Path
from threading import Lock
from typing import Final

import snowballstemmer
from pydantic import Field, ValidationError

from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.schema import Topic
from knowledge.text import Frozen, Text

FILE: Final = ROOT / "synonymer.yaml"
LEMMA_FILE: Final = ROOT / "lemma.yaml"
PIPELINE_FILE: Final = ROOT / "lemma_spacy.yaml"  # made by `hjelpelinje knowledge lemmas`
QUERY_CHARACTERS: Final = 400
QUERY_WORDS: Final = 40
SHORTEST_PART: Final = 5  # of a compound; shorter beginnings are shared by words of any meaning
GOOD_SCORE: Final = 14.0  # small talk and other subjects stay below it, 98 of 100 times

_STEMMER: Final = snowballstemmer.stemmer("norwegian")
_STEMMING: Final = Lock()
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_TITLE_WEIGHT: Final = 6.0  # of a word in the title that no other title has; less, the more titles have it
_WEIGHTS: Final = "8.0, 2.0, 0.7"  # title and the words that point to it, short answer, the rest


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic that fits, its title, and how well: higher is better."""

    topic: str
    title: Text
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """A topic as it is indexed: stems with spaces between, by how much they say about it."""

    topic: str
    title: str
    short: str
    rest: str


class Synonym(Frozen):
    """What people write (`fra`), and the words our texts use for it (`til`)."""

    fra: tuple[str, ...]
    til: tuple[str, ...]


class Lexicon(Frozen):
    """Synonyms, words that point to a topic, and words that say nothing about a subject."""

    ord: tuple[Synonym, ...]
    emneord: dict[str, tuple[str, ...]]
    stopp: tuple[str, ...]
    lemma: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @cached_property
    def _forms(self) -> dict[str, str]:
        return {form: lemma for lemma, forms in self.lemma.items() for form in forms}

    def stems(self, text: str) -> list[str]:
        """Return the words of a text as stems of their lemmas, in order."""
        return [_stem(self._forms.get(word, word)) for word in _words(text)]


def search(knowledge: Knowledge, query: str, limit: int = 3) -> list[Hit]:
    """Return the topics that fit `query` best, at most `limit`, best first; empty when none shares a word."""
    return index_for(knowledge).search(query, limit)


@lru_cache(maxsize=2)
def index_for(knowledge: Knowledge) -> "Index":
    """Return the index of a knowledge base, made once. Raise KnowledgeError for a broken lexicon."""
    return Index(knowledge, load_lexicon())


def load_lexicon(
    file: Path = FILE, lemma_file: Path = LEMMA_FILE, pipeline_file: Path | None = PIPELINE_FILE
) -> Lexicon:
    """Read synonyms, stop words and lemmas. Raise KnowledgeError naming the file and what is wrong."""
    lexicon, lemma = read_yaml(file), read_yaml(lemma_file)
    found = read_yaml(pipeline_file) if pipeline_file else {}
    for source, values in (
        (file, lexicon),
        (lemma_file, {**lexicon, "lemma": lemma}),
        (pipeline_file or lemma_file, {**lexicon, "lemma": found}),
    ):
        try:
            Lexicon.model_validate(values)
        except ValidationError as error:
            raise _wrong(source, error) from error
    both = {name: [*found.get(name, ()), *lemma.get(name, ())] for name in {**found, **lemma}}
    return Lexicon.model_validate({**lexicon, "lemma": both})


def _wrong(file: Path, error: ValidationError) -> KnowledgeError:
    first = error.errors()[0]
    return KnowledgeError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}")


def check_synonyms(knowledge: Knowledge, lexicon: Lexicon | None = None) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as entry and problem: a word that leads to nothing we say."""
    lexicon = lexicon or load_lexicon()
    known = Index(knowledge, lexicon).vocabulary
    for synonym in lexicon.ord:
        if not any(stem in known for text in synonym.til for stem in lexicon.stems(text)):
            yield synonym.fra[0], "ingen av ordene det peker til, står i noe emne"
    for topic in lexicon.emneord.keys() - knowledge.topics.keys():
        yield topic, "ukjent emne"
    forms = [form for others in lexicon.lemma.values() for form in dict.fromkeys(others)]
    for form in sorted({form for form in forms if forms.count(form) > 1 or form in lexicon.lemma}):
        yield form, "står under flere grunnformer"


class Index:
    """The topics of one knowledge base, ready to be searched."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        """Make the index."""
        self._titles = {name: topic.title for name, topic in knowledge.topics.items()}
        self._stop = frozenset(lexicon.stopp)
        self._stems = lexicon.stems
        self._synonyms = {
            " ".join(lexicon.stems(word)): tuple(stem for text in synonym.til for stem in lexicon.stems(text))
            for synonym in lexicon.ord
            for word in synonym.fra
        }
        self._lock = Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE topic USING fts5(id UNINDEXED, title, short, rest, "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '-'\")"
        )
        self.rows = tuple(_row(knowledge, lexicon, topic) for topic in knowledge.topics.values())
        self.edition = sha256(repr(self.rows).encode()).hexdigest()
        self._in_title = {row.topic: frozenset(row.title.split()) for row in self.rows}
        titles = Counter(stem for found in self._in_title.values() for stem in found)
        count = len(self.rows)
        self._rarity = {stem: log(count / having) / log(count) for stem, having in titles.items()}
        self._base.executemany(
            "INSERT INTO topic VALUES (?, ?, ?, ?)",
            [(row.topic, row.title, row.short, row.rest) for row in self.rows],
        )
        self._base.execute("CREATE VIRTUAL TABLE word USING fts5vocab(topic, row)")

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every stem in the texts."""
        with self._lock:
            return frozenset(row[0] for row in self._base.execute("SELECT term FROM word"))

    def search(self, query: str, limit: int) -> list[Hit]:
        """Return the best topics for a query; longer queries are cut."""
        wanted = self.wanted(query)
        return self.hits(wanted, self._ranked(wanted), limit) if wanted else []

    def hits(self, wanted: Sequence[str], ranked: Iterable[tuple[str, float]], limit: int) -> list[Hit]:
        """Return the best of the topics that have one of the wanted stems, given how well their texts fit."""
        scored = [(score + self._title_score(topic, wanted), topic) for topic, score in ranked]
        best = sorted(scored, key=lambda row: (-row[0], row[1]))[:limit]
        return [Hit(topic, self._titles[topic], round(score, 2)) for score, topic in best]

    def _ranked(self, wanted: Sequence[str]) -> list[tuple[str, float]]:
        match = " OR ".join(f'"{stem}"' for stem in wanted)
        ranked = f"SELECT id, -bm25(topic, 0.0, {_WEIGHTS}) FROM topic WHERE topic MATCH ?"  # noqa: S608 - constants
        with self._lock:
            return self._base.execute(ranked, (match,)).fetchall()

    def _title_score(self, topic: str, wanted: Sequence[str]) -> float:
        return _TITLE_WEIGHT * sum(self._rarity[stem] for stem in wanted if stem in self._in_title[topic])

    def wanted(self, query: str) -> list[str]:
        """Return the stems to look for: the query's own, parts of compounds we do not have, and synonyms."""
        query = query[:QUERY_CHARACTERS]
        words = [word for word in _words(query) if len(word) > 1 and word not in self._stop][:QUERY_WORDS]
        wanted: dict[str, None] = {}
        for stem in self._stems(" ".join(words)):
            wanted |= dict.fromkeys((stem,) if stem in self.vocabulary else self._parts(stem))
        spoken = f" {' '.join(self._stems(query))} "
        for said, meant in self._synonyms.items():
            if f" {said} " in spoken:
                wanted |= dict.fromkeys(meant)
        return [stem for stem in wanted if stem in self.vocabulary]

    def _parts(self, stem: str) -> tuple[str, ...]:
        """Return the longest known beginning and ending of a compound: "sykehjemsplass" has "sykehjem"."""
        cuts = range(len(stem) - 1, SHORTEST_PART - 1, -1)
        begins = next((stem[:cut] for cut in cuts if stem[:cut] in self.vocabulary), None)
        ends = next((stem[-cut:] for cut in cuts if stem[-cut:] in self.vocabulary), None)
        return tuple(part for part in (begins, ends) if part)


def _row(knowledge: Knowledge, lexicon: Lexicon, topic: Topic) -> Row:
    variants = topic.variants
    intent = knowledge.intents.get(topic.id)
    titles = [topic.title, *([intent.title] if intent else [])]
    short = [topic.recognise, topic.short, *(variant.short for variant in variants)]
    rest = [topic.details, *topic.steps, *(step for variant in variants for step in variant.steps)]
    for misunderstanding in topic.misunderstandings:
        rest += [misunderstanding.claim, misunderstanding.truth]
    pointers = " ".join(lexicon.stems(" ".join(lexicon.emneord.get(topic.id, ()))))
    title, said, more = (_joined(lexicon, texts) for texts in (titles, short, rest))
    return Row(topic.id, f"{title} {pointers}", said, more)


def _joined(lexicon: Lexicon, texts: Sequence[Text]) -> str:
    return " ".join(stem for text in texts for _, value in text.both() for stem in lexicon.stems(value))


def _words(text: str) -> list[str]:
    return [word for found in _WORD.findall(text.casefold()) for word in (found, *_hyphenated(found))]


def _hyphenated(word: str) -> tuple[str, ...]:
    return tuple(part for part in word.split("-") if part) if "-" in word else ()


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    with _STEMMING:  # the stemmer keeps the word it works on
        return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """Return the words of a text as stems, in order; a hyphenated word is followed by its parts."""
    return [_stem(word) for word in _words(text)]
