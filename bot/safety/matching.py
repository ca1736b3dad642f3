"""Where an expression of the pattern language matches in a row of tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .expressions import Choice, Edge, Expression, Gap, Grammar, Sequence_, Word
from .tokens import Token

FILLERS_IN_A_ROW: Final = 4
NEGATION_WORDS: Final = 3  # a denial so far before the words it denies
NEAR_WORDS: Final = 14  # so many words from the first to the last part of `a & b` at most
WEAK_NEEDS_PARTS: Final = 3  # a doubtful word counts only among so many others
ARTICLES: Final = frozenset({"han", "hun"})  # before a name or a relative, in many dialects
# Words that begin a clause, whether a comma stands before them or not.
LINKS: Final = frozenset({"og", "men", "for", "fordi", "så", "at", "eller", "som", "hvis", "når", "mens"})


@dataclass(frozen=True, slots=True)
class Match:
    """Where an expression matched: the tokens it took, and whether one of them is doubtful."""

    start: int
    end: int  # index behind the last token
    taken: tuple[int, ...]
    weak: bool


def _sentences(tokens: Sequence[Token]) -> list[tuple[range, frozenset[str]]]:
    """Return the places of each sentence's tokens, and all that they may stand for."""
    found = []
    start = 0
    for index in range(1, len(tokens) + 1):
        if index == len(tokens) or tokens[index].sentence != tokens[start].sentence:
            part = tokens[start:index]
            found.append((range(start, index), frozenset().union(*(t.strong | t.weak for t in part))))
            start = index
    return found


class Reader:
    """The tokens of one text, ready to be matched many times."""

    def __init__(self, tokens: Sequence[Token], grammar: Grammar) -> None:
        """Index the tokens by what they may stand for."""
        self.tokens = tokens
        self._fillers = [not grammar.fillers.isdisjoint(token.strong) for token in tokens]
        self.negators = [not grammar.negators.isdisjoint(token.strong) for token in tokens]
        self.subjects = [bool(token.strong) and token.strong <= grammar.subjects for token in tokens]
        self._at: dict[str, list[int]] = {}
        for index, token in enumerate(tokens):
            for symbol in token.strong | token.weak:
                self._at.setdefault(symbol, []).append(index)
        kin = grammar.barriers - grammar.subjects
        self._barriers = [
            bool(token.strong) and (token.strong <= grammar.barriers or not kin.isdisjoint(token.strong))
            for token in tokens
        ]
        self._take_articles(kin)
        self.symbols = frozenset(self._at)
        self._sentences = _sentences(tokens)
        self._found: dict[int, list[Match]] = {}

    def _take_articles(self, kin: frozenset[str]) -> None:
        """Let "ho mor" and "han far" be one person: the pronoun is an article there, no other subject."""
        for index, (token, after) in enumerate(zip(self.tokens, self.tokens[1:], strict=False)):
            if token.clause == after.clause and token.strong & ARTICLES and after.strong & kin:
                self._fillers[index] = True
                self.subjects[index] = self._barriers[index] = False

    def find(self, expression: Expression) -> list[Match]:
        """Return the matches of an expression, one a starting token. They never leave a sentence."""
        known = self._found.get(id(expression))
        if known is None:
            search = self._together if expression.parts else self._search
            known = self._found[id(expression)] = list(search(expression))
        return known

    def denied(self, match: Match) -> bool:
        """Tell whether a denial stands shortly before, in the same clause, with no subject between, or within."""
        first = match.start
        if any(self.negators[i] and i not in match.taken for i in range(first, match.end)):
            return True
        if self.subjects[first]:
            return False
        for index in range(first - 1, max(-1, first - 1 - NEGATION_WORDS), -1):
            if self.tokens[index].clause != self.tokens[first].clause:
                return False
            if self.negators[index]:
                return True
        return False

    def _together(self, expression: Expression) -> Iterator[Match]:
        """Give, for each place of the first part, the nearest place of every other part in its sentence or the next."""
        if any(needed.isdisjoint(self.symbols) for needed in expression.required):
            return
        head, *rest = (self.find(part) for part in expression.parts)
        for first in head:
            if self.denied(first):
                continue
            chosen = [first]
            for others in rest:
                near = [m for m in others if self._is_near(m, first) and not self._shared(m, chosen)]
                if not near:
                    break
                chosen.append(min(near, key=lambda m: abs(m.start - first.start)))
            else:
                taken = tuple(sorted(index for match in chosen for index in match.taken))
                if taken[-1] - taken[0] <= NEAR_WORDS:
                    yield Match(taken[0], taken[-1] + 1, taken, any(match.weak for match in chosen))

    def _is_near(self, match: Match, other: Match) -> bool:
        return abs(self.tokens[match.start].sentence - self.tokens[other.start].sentence) <= 1

    @staticmethod
    def _shared(match: Match, chosen: Sequence[Match]) -> bool:
        return any(not set(match.taken).isdisjoint(other.taken) for other in chosen)

    def _search(self, expression: Expression) -> Iterator[Match]:
        symbols_here = self.symbols
        for needed in expression.required:  # a plain loop: this line runs for every expression of the layer
            if needed.isdisjoint(symbols_here):
                return
        starts: set[int] = set()
        for places, symbols in self._sentences:
            if not any(needed.isdisjoint(symbols) for needed in expression.required):
                starts.update(places)
        for start in self._starts(expression, starts):
            for end, taken, weak in self._match(expression.nodes, 0, start, (), 0):
                if not taken or (weak and len(taken) < WEAK_NEEDS_PARTS):
                    continue
                yield Match(taken[0], end, taken, weak > 0)
                break

    def _starts(self, expression: Expression, within: set[int]) -> Sequence[int]:
        """Return the places worth starting at: words that change nothing may stand before the first word."""
        if expression.first is not None:
            within &= {i for symbol in expression.first & self.symbols for i in self._at[symbol]}
        return sorted(within)

    def _match(
        self, nodes: Sequence_, at: int, index: int, taken: tuple[int, ...], weak: int
    ) -> Iterator[tuple[int, tuple[int, ...], int]]:
        """Give every way to match nodes[at:] from token `index` on: end, tokens taken, doubtful ones."""
        if at == len(nodes):
            yield index, taken, weak
            return
        node = nodes[at]
        if isinstance(node, Word):
            for place, doubt in self._words(node.symbols, index, taken, weak):
                yield from self._match(nodes, at + 1, place + 1, (*taken, place), weak + doubt)
        elif isinstance(node, Choice):
            for option in node.options:
                for end, then, doubt in self._match(option, 0, index, taken, weak):
                    yield from self._match(nodes, at + 1, end, then, doubt)
        elif isinstance(node, Gap):
            for place in self._gap(index, node, taken):
                yield from self._match(nodes, at + 1, place, taken, weak)
        elif isinstance(node, Edge):
            if self._edge(index, node.end):
                yield from self._match(nodes, at + 1, index, taken, weak)
        elif not any(True for _ in self._words(node.symbols, index, taken, 1)):
            yield from self._match(nodes, at + 1, index, taken, weak)

    def _words(
        self, symbols: frozenset[str], index: int, taken: tuple[int, ...], weak: int
    ) -> Iterator[tuple[int, int]]:
        """Give the next word that is one of these, over words that change nothing."""
        last = index + FILLERS_IN_A_ROW if taken else index
        while index <= last and self._inside(index, taken):
            token = self.tokens[index]
            if not symbols.isdisjoint(token.strong):
                yield index, 0
            elif not weak and not symbols.isdisjoint(token.weak):
                yield index, 1
            if not self._fillers[index]:
                return
            index += 1

    def _gap(self, index: int, gap: Gap, taken: tuple[int, ...]) -> Iterator[int]:
        """Give the places behind a gap; words that change nothing, and an age, cost it nothing."""
        yield index
        spent = 0
        while self._inside(index, taken):
            if not gap.free and (self.negators[index] or self._barriers[index]):
                return
            spent += not self._weightless(index)
            if spent > gap.size:
                return
            index += 1
            yield index

    def _weightless(self, index: int) -> bool:
        return self._fillers[index] or self.tokens[index].text.isdigit() or "år" in self.tokens[index].strong

    def _inside(self, index: int, taken: tuple[int, ...]) -> bool:
        """Tell whether there is a token here, in the same sentence as what was taken."""
        return index < len(self.tokens) and (
            not taken or self.tokens[index].sentence == self.tokens[taken[0]].sentence
        )

    def _edge(self, index: int, end: bool) -> bool:
        if index in (0, len(self.tokens)):
            return True
        if end:
            before, after = self.tokens[index - 1], self.tokens[index]
            return before.clause != after.clause or bool(after.strong & LINKS)
        while index > 0 and self.tokens[index - 1].clause == self.tokens[index].clause:
            if self.tokens[index - 1].strong & LINKS:
                return True
            if not self._fillers[index - 1]:
                return False
            index -= 1
        return True
