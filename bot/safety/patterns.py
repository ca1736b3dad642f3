"""The patterns, guards and combinations: reviewed data, read once and checked when read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from .expressions import Expression, ExpressionError, Grammar
from .lexicon import Lexicon
from .verdict import Level

FOLDER: Final = Path(__file__).parent / "patterns"
LANGUAGE: Final = Path(__file__).parent / "language"
NAMES: Final = Path(__file__).parents[2] / "knowledge" / "lexicon" / "navn.yaml"
INTENTS: Final = (
    "krise_akutt_helse",
    "krise_selvmord_selv",
    "krise_selvmord_annen",
    "krise_barn",
    "krise_vold",
    "krise_psykose",
    "krise_savnet",
)
SCOPES: Final = ("overlap", "before", "ahead", "clause", "sentence", "message")


class PatternError(ValueError):
    """Data that is not as it must be; the message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One family of expressions, and what it means when it matches."""

    id: str
    intent: str
    level: Level
    who: str
    match: tuple[Expression, ...]
    hints: tuple[Expression, ...] = ()  # what says it less surely: concern, but in a sentence of little else
    unless: tuple[Expression, ...] = ()
    despite: frozenset[str] = frozenset()  # guards that do not count here; "negation" is one
    tag: str | None = None  # a name for combinations
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expression of a pattern, and its place among all."""

    place: int
    pattern: Pattern
    expression: Expression
    is_hint: bool


@dataclass(frozen=True, slots=True)
class Guard:
    """Words that take the danger out of other words: an idiom, the past, a film, a professional's question."""

    id: str
    scope: str
    match: tuple[Expression, ...]
    unless: tuple[Expression, ...] = ()
    level: Level = Level.NONE
    only: frozenset[str] = frozenset()  # intents or pattern ids; empty: all
    turns: Mapping[str, str] | None = None  # instead of lowering: another intent and who
    past: bool = False  # only what is told in the past tense


@dataclass(frozen=True, slots=True)
class Combination:
    """Two signs that together mean more than each: in one message, or one after the other."""

    id: str
    first: frozenset[str]
    then: frozenset[str]
    level: Level
    intent: str
    who: str
    hits: tuple[tuple[str, ...], ...] = ()
    misses: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the rule layer knows."""

    lexicon: Lexicon
    grammar: Grammar
    patterns: tuple[Pattern, ...]
    guards: tuple[Guard, ...]
    combinations: tuple[Combination, ...]
    anchors: Mapping[str, tuple[Candidate, ...]]  # by symbol: see _anchors
    urgent: Expression  # how people call for help at once
    past: frozenset[str]  # verbs in the past tense, as they are written


@cache
def load_rules() -> Rules:
    """Read and compile all data of this package. Raises PatternError."""
    protected = [line for line in _lines(LANGUAGE / "protected.txt") if not line.startswith("#")]
    lexicon = Lexicon(
        _read(LANGUAGE / "spellings.yaml"),
        protected,
        _read(LANGUAGE / "sounds.yaml"),
        _read(LANGUAGE / "contractions.yaml"),
        _read(NAMES),
    )
    grammar = Grammar(lexicon, _read(LANGUAGE / "classes.yaml"), _read(LANGUAGE / "phrases.yaml"))
    patterns: list[Pattern] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = _read(path)
        if not {"reviewed_by", "date"} <= data.keys():
            raise PatternError(f"{path.name}: says neither who reviewed it nor when")
        patterns.extend(_pattern(path.name, data, entry, grammar) for entry in data["patterns"])
    guards = tuple(_guard(entry, grammar) for entry in _read(LANGUAGE / "guards.yaml")["guards"])
    combinations = _combinations(_read(LANGUAGE / "combinations.yaml"), patterns)
    urgent = grammar.compile("{hast}")
    _check(patterns, guards)
    lexicon.learn(grammar.vocabulary)
    past = frozenset(_read(LANGUAGE / "past_tense.yaml")["verbs"].split())
    return Rules(lexicon, grammar, tuple(patterns), guards, combinations, _anchors(patterns), urgent, past)


def _anchors(patterns: Sequence[Pattern]) -> dict[str, tuple[Candidate, ...]]:
    """Return for each symbol the expressions worth trying on a text that has it.

    An expression stands under the words of one of its parts: those that the fewest other expressions need,
    so that "jeg" and "ikke" alone bring up next to nothing.
    """
    sources = [
        (pattern, expression, is_hint)
        for pattern in patterns
        for expressions, is_hint in ((pattern.match, False), (pattern.hints, True))
        for expression in expressions
    ]
    candidates = [Candidate(place, *source) for place, source in enumerate(sources)]
    usual = Counter(s for c in candidates for s in frozenset().union(*c.expression.required))
    found: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for symbol in min(candidate.expression.required, key=lambda part: sum(usual[s] for s in part)):
            found[symbol].append(candidate)
    return {symbol: tuple(under) for symbol, under in found.items()}


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        raise PatternError(f"{path.name}: {error}") from error


def _compile(where: str, sources: Iterable[str], grammar: Grammar) -> tuple[Expression, ...]:
    try:
        return tuple(grammar.compile(source) for source in sources)
    except ExpressionError as error:
        raise PatternError(f"{where}: {error}") from error


def _pattern(file: str, data: Mapping[str, Any], entry: Mapping[str, Any], grammar: Grammar) -> Pattern:
    where = f"{file}: {entry.get('id')}"
    try:
        return Pattern(
            id=entry["id"],
            intent=entry.get("intent") or data["intent"],
            level=Level[str(entry["level"]).upper()],
            who=entry.get("who") or data["who"],
            match=_compile(where, entry["match"], grammar),
            hints=_compile(where, entry.get("hints", ()), grammar),
            unless=_compile(where, entry.get("unless", ()), grammar),
            despite=frozenset(entry.get("despite", ())),
            tag=entry.get("tag"),
            hits=tuple(entry["hits"]),
            misses=tuple(entry["misses"]),
        )
    except KeyError as error:
        raise PatternError(f"{where}: {error} is missing or unknown") from error


def _guard(entry: Mapping[str, Any], grammar: Grammar) -> Guard:
    where = f"guards.yaml: {entry.get('id')}"
    if entry["scope"] not in SCOPES:
        raise PatternError(f"{where}: scope {entry['scope']}")
    return Guard(
        id=entry["id"],
        scope=entry["scope"],
        match=_compile(where, entry["match"], grammar),
        unless=_compile(where, entry.get("unless", ()), grammar),
        level=Level[str(entry.get("level", "none")).upper()],
        only=frozenset(entry.get("only", ())),
        turns=entry.get("turns"),
        past=bool(entry.get("past", False)),
    )


def _combinations(data: Mapping[str, Any], patterns: Iterable[Pattern]) -> tuple[Combination, ...]:
    known = {pattern.tag for pattern in patterns} | {pattern.intent for pattern in patterns}
    out = []
    for entry in data["combinations"]:
        names = frozenset(entry["first"]) | frozenset(entry["then"])
        if not names <= known:
            raise PatternError(f"combinations.yaml: {entry['id']}: no pattern has {sorted(names - known)}")
        out.append(
            Combination(
                id=entry["id"],
                first=frozenset(entry["first"]),
                then=frozenset(entry["then"]),
                level=Level[entry["level"].upper()],
                intent=entry["intent"],
                who=entry["who"],
                hits=tuple(tuple(texts) for texts in entry["hits"]),
                misses=tuple(tuple(texts) for texts in entry["misses"]),
            )
        )
    return tuple(out)


def _check(patterns: Iterable[Pattern], guards: Iterable[Guard]) -> None:
    """Raise PatternError when ids repeat, or a name is used that nothing has."""
    ids: set[str] = set()
    names = {guard.id for guard in guards} | {"negation"}
    for pattern in patterns:
        if pattern.id in ids:
            raise PatternError(f"{pattern.id} is there twice")
        ids.add(pattern.id)
        if pattern.intent not in INTENTS:
            raise PatternError(f"{pattern.id}: no intent {pattern.intent}")
        if not pattern.despite <= names:
            raise PatternError(f"{pattern.id}: no guard {sorted(pattern.despite - names)}")
        if pattern.level > Level.NONE and not (pattern.hits and pattern.misses):
            raise PatternError(f"{pattern.id}: needs test sentences that hit and that miss")
