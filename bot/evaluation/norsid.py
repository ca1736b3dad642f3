"""NorSID, the public benchmark of Norwegian dialects: our intent model and a slot tagger, trained and tested on it.

All versions of a sentence (same number before the slash of its id) are on the same side, or they would leak.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.examples import EvaluationError
from bot.evaluation.metrics import Score, share
from bot.evaluation.tables import least, table
from bot.evaluation.tools import run_tool
from bot.settings import Settings

Figures = dict[str, Any]

FOLDS = 5
DIALECTS: Mapping[str, str] = {"B": "Bokmål", "N": "north", "T": "trønder", "V": "west"}
_LEAST_INTENT, _LEAST_SLOTS = 0.93, 0.75
_COMMENT = re.compile(r"#\s*(?P<name>[\w-]+)\s*[:=]\s*(?P<value>.*)")


@dataclass(frozen=True)
class Sentence:
    """A sentence of NorSID; `slots` has a BIO tag for each word."""

    id: str
    text: str
    intent: str
    dialect: str
    words: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def number(self) -> str:
        """The number that all versions of a sentence share."""
        return self.id.split("/")[0]


@dataclass(frozen=True)
class Tagged:
    """A sentence and what was found in it."""

    sentence: Sentence
    intent: str
    slots: tuple[str, ...]


def read_norsid(file: Path) -> list[Sentence]:
    """Return the sentences of a CoNLL file; raises EvaluationError that names the line."""
    if not file.exists():
        raise EvaluationError(f"{file} is missing.")
    blocks = re.split(r"\n\s*\n", file.read_text(encoding="utf-8").strip())
    return [_sentence(block, number, file) for number, block in enumerate(blocks, 1)]


def _sentence(block: str, number: int, file: Path) -> Sentence:
    comments: dict[str, str] = {}
    words, slots = [], []
    for line in block.splitlines():
        if match := _COMMENT.match(line):
            comments[match["name"]] = match["value"].strip()
        elif not line.startswith("#"):
            columns = line.split("\t")
            if len(columns) < 3:
                raise EvaluationError(f"{file.name}: sentence {number}: a line has too few columns.")
            words.append(columns[1])
            slots.append(columns[-1])
    try:
        return Sentence(
            comments["id"],
            comments.get("text") or " ".join(words),
            comments["intent"],
            comments.get("dialect", "-"),
            tuple(words),
            tuple(slots),
        )
    except KeyError as error:
        raise EvaluationError(f"{file.name}: sentence {number}: there is no {error.args[0]}.") from None


async def norsid_figures(settings: Settings, files: Sequence[Path]) -> Figures:
    """Return figures: one file in folds by sentence number, or trained on the first and tested on the second."""
    if len(files) > 2:
        raise EvaluationError("Give one NorSID file, or one to train on and one to test on.")
    sets = [read_norsid(file) for file in files]
    if len(sets) == 2:
        protocol = f"trained on {len(sets[0])} sentences of one file, tested on another"
        rows = await _trained_and_tested(settings, sets[0], sets[1])
    else:
        protocol = f"{FOLDS} folds by sentence number"
        rows = []
        for train, test in folds(sets[0]):
            rows += await _trained_and_tested(settings, train, test)
    return {"protocol": protocol} | _figures(rows)


def folds(sentences: Sequence[Sentence]) -> Iterator[tuple[list[Sentence], list[Sentence]]]:
    """Yield (train, test) so that each sentence is tested once and its other versions are with it."""
    numbers = sorted({sentence.number for sentence in sentences})
    fold_of = {number: place % FOLDS for place, number in enumerate(numbers)}
    for fold in range(FOLDS):
        yield (
            [sentence for sentence in sentences if fold_of[sentence.number] != fold],
            [sentence for sentence in sentences if fold_of[sentence.number] == fold],
        )


async def _trained_and_tested(
    settings: Settings, train: Sequence[Sentence], test: Sequence[Sentence]
) -> list[Tagged]:
    given = {
        "train": [asdict(sentence) for sentence in train],
        "test": [asdict(sentence) for sentence in test],
    }
    found = json.loads(await run_tool(settings, "norsid", given=given))
    pairs = zip(test, found["intents"], found["slots"], strict=True)
    return [Tagged(sentence, intent, tuple(slots)) for sentence, intent, slots in pairs]


def _figures(rows: Sequence[Tagged]) -> Figures:
    groups: dict[str, list[Tagged]] = defaultdict(list)
    for row in rows:
        groups[DIALECTS.get(row.sentence.dialect, row.sentence.dialect)].append(row)
    by_dialect = {name: _scores(members) for name, members in sorted(groups.items())}
    return _scores(rows) | {"by_dialect": by_dialect}


def _scores(rows: Sequence[Tagged]) -> Figures:
    right = sum(row.intent == row.sentence.intent for row in rows)
    slots = sum((slot_score(row.sentence.slots, row.slots) for row in rows), Score())
    return {"messages": len(rows), "intent": share(right, len(rows)), "slots": slots.f1}


def slot_score(expected: Sequence[str], found: Sequence[str]) -> Score:
    """Return the score of one sentence: a slot is right when its words and its name are."""
    wanted, got = set(spans(expected)), set(spans(found))
    return Score(len(wanted & got), len(got - wanted), len(wanted - got))


def spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first word, last word + 1, name) of BIO tags; an I that continues nothing begins a slot."""
    start, name = 0, ""
    for place, tag in enumerate([*tags, "O"]):
        kind, _, slot = tag.partition("-")
        if name and (kind != "I" or slot != name):
            yield start, place, name
            name = ""
        if kind in ("B", "I") and not name:
            start, name = place, slot


def norsid_report(figures: Figures) -> str:
    """Return the tables."""
    judged = [
        ("intent accuracy", figures["intent"], *least(figures["intent"], _LEAST_INTENT)),
        ("slot F1", figures["slots"], *least(figures["slots"], _LEAST_SLOTS)),
    ]
    by_dialect = [(name, *row.values()) for name, row in figures["by_dialect"].items()]
    head = table((f"NorSID, {figures['protocol']}", "now", "bar", ""), judged)
    return head + "\n\n" + table(("dialect", "messages", "intent accuracy", "slot F1"), by_dialect)
