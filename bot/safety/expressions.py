"""The pattern language: what an expression says. Where it matches: see matching.py.

    word            that word, in any spelling the lexicon knows
    word*           a word that begins so
    word+           that word in any form ("hamre+": hamrer, hamra, hamret)
    a|b*|c          one of these words
    <class>         one word of a class (classes.yaml)
    {phrase}        one of the phrases of that name (phrases.yaml)
    (a b / c)       one of these sequences
    [x]             x or nothing
    ..  ..N         up to 2 (N) words, none of which denies or is a new subject ("jeg", "han")
    ~  ~N           up to 2 (N) words of any kind
    ^  $            the beginning, the end of a clause
    !x              the next word is not x
    a & b & c       all of these in any order, near each other, the first of them not denied

Between two parts there may always be words that change nothing ("bare", "egentlig", "å").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .lexicon import Lexicon

GAP_WORDS: Final = 2

_SYNTAX = re.compile(r"[()\[\]/^$]|\.\.\d*|~\d*|![^\s()\[\]/]+|\{[^}\s]+\}|[^\s()\[\]/]+")


class ExpressionError(ValueError):
    """An expression that cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class Word:
    symbols: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    symbols: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    size: int
    free: bool


@dataclass(frozen=True, slots=True)
class Edge:
    end: bool


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Sequence_", ...]


Node = Word | Not | Gap | Edge | Choice
Sequence_ = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression, and the sets of symbols that a text must touch for it to match at all."""

    source: str
    nodes: Sequence_
    required: tuple[frozenset[str], ...]
    first: frozenset[str] | None  # what its first word is one of; None when that cannot be said
    parts: tuple["Expression", ...] = ()  # of `a & b`; such an expression has no nodes of its own


class Grammar:
    """The classes, phrases and small words that expressions are written with."""

    def __init__(
        self,
        lexicon: Lexicon,
        classes: Mapping[str, Sequence[str]],
        phrases: Mapping[str, Sequence[str]],
    ) -> None:
        """Take the named classes (word lists) and phrases (lists of expressions)."""
        self.lexicon = lexicon
        self._class_words = classes
        self._classes: dict[str, frozenset[str]] = {}
        self._phrases = phrases
        self._compiled: dict[str, Choice] = {}
        self.vocabulary: set[str] = set()
        self.fillers = self._class("fyll")
        self.negators = self._class("nekt")
        self.subjects = self._class("subjekt")
        self.barriers = self._class("sperre")
        # Words that stand in nearly every text: an expression is never looked for because of them alone.
        self._usual = frozenset(
            symbol
            for entry in classes.get("vanlig", ())
            for word in entry.split()
            for symbol in lexicon.symbols(word)
        )

    def named(self, name: str) -> frozenset[str]:
        """Return the symbols of a class."""
        return self._class(name)

    def compile(self, source: str) -> Expression:
        """Read one expression. Raises ExpressionError."""
        if " & " in source:
            wholes = tuple(self.compile(part) for part in source.split(" & "))
            required = {symbols for whole in wholes for symbols in whole.required}
            return Expression(source, (), tuple(sorted(required, key=len)), None, wholes)
        parts = _SYNTAX.findall(source)
        nodes, rest = self._sequence(parts, 0, source)
        if rest != len(parts):
            raise ExpressionError(f"cannot read '{parts[rest]}' in: {source}")
        return Expression(source, nodes, _required(nodes, self._usual), _first(nodes))

    def _sequence(self, parts: list[str], index: int, source: str) -> tuple[Sequence_, int]:
        nodes: list[Node] = []
        while index < len(parts) and parts[index] not in (")", "]", "/"):
            part = parts[index]
            if part in "([":
                node, index = self._group(parts, index, source)
                nodes.append(node)
            else:
                nodes.append(self._node(part, source))
                index += 1
        return tuple(nodes), index

    def _group(self, parts: list[str], index: int, source: str) -> tuple[Choice, int]:
        close = ")" if parts[index] == "(" else "]"
        options: list[Sequence_] = []
        while True:
            nodes, index = self._sequence(parts, index + 1, source)
            options.append(nodes)
            if index >= len(parts):
                raise ExpressionError(f"'{close}' is missing in: {source}")
            if parts[index] == close:
                break
            if parts[index] != "/":
                raise ExpressionError(f"'{parts[index]}' stands wrong in: {source}")
        if close == "]":
            options.append(())
        return Choice(tuple(options)), index + 1

    def _node(self, part: str, source: str) -> Node:
        if part[0] in ".~":
            return Gap(int(part.lstrip(".~") or GAP_WORDS), free=part[0] == "~")
        if part in "^$":
            return Edge(end=part == "$")
        if part.startswith("{"):
            return self._phrase(part[1:-1], source)
        if part.startswith("!"):
            return Not(self._words(part[1:], source))
        return Word(self._words(part, source))

    def _phrase(self, name: str, source: str) -> Choice:
        if name not in self._compiled:
            if name not in self._phrases:
                raise ExpressionError(f"no phrase '{name}' for: {source}")
            self._compiled[name] = Choice(tuple(self.compile(text).nodes for text in self._phrases[name]))
        return self._compiled[name]

    def _words(self, part: str, source: str) -> frozenset[str]:
        found: set[str] = set()
        for word in part.split("|"):
            if "?" in word or "(" in word:
                raise ExpressionError(f"'{word}' is no word in: {source}")
            if word.startswith("<") and word.endswith(">"):
                found |= self._class(word[1:-1], source)
            elif word:
                found |= self.lexicon.symbols(word)
        self.vocabulary |= found
        return frozenset(found)

    def _class(self, name: str, source: str = "") -> frozenset[str]:
        if name not in self._classes:
            if name not in self._class_words:
                raise ExpressionError(f"no class '{name}' for: {source}")
            found: set[str] = set()
            for entry in self._class_words[name]:
                for word in entry.split():
                    found |= self._class(word[1:-1], name) if word[0] == "<" else self.lexicon.symbols(word)
            self._classes[name] = frozenset(found)
            self.vocabulary |= found
        return self._classes[name]


def _required(nodes: Sequence_, usual: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return sets of symbols of which a matching text touches each, those that few texts touch first."""
    found: list[frozenset[str]] = []
    for node in nodes:
        if isinstance(node, Word):
            found.append(node.symbols)
        elif isinstance(node, Choice):
            rarest = [next(iter(_required(option, usual)), None) for option in node.options]
            if None not in rarest:
                found.append(frozenset().union(*(part for part in rarest if part)))
    return tuple(sorted(set(found), key=lambda part: (not part.isdisjoint(usual), len(part))))


def _first(nodes: Sequence_) -> frozenset[str] | None:
    """Return the symbols that the first word taken has one of, or None when any word may come first."""
    for place, node in enumerate(nodes):
        if isinstance(node, Word):
            return node.symbols
        if isinstance(node, Gap):
            return None
        if isinstance(node, Choice):
            options = [_first((*option, *nodes[place + 1 :])) for option in node.options]
            return None if None in options else frozenset().union(*(part for part in options if part))
    return None
