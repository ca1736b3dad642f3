"""The crisis screen's rule layer: a text, the texts before it, and what they say about danger.

Every decision is the work of patterns that a person has reviewed, and names the words it rests on. A
pattern's match may be lowered by a guard: the words around it that make it an idiom, a denial, the past,
a film, or a professional's question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .matching import Match, Reader
from .patterns import INTENTS, Guard, Pattern, Rules, load_rules
from .tokens import read
from .verdict import NOTHING, Evidence, Level, Verdict

MESSAGE_CHARACTERS: Final = 8_000  # beyond it nothing is read; a channel lets less through
HISTORY_MESSAGES: Final = 6
NEGATION_WORDS: Final = 3  # a denial so far before the words it denies
FRAME_WORDS: Final = 3  # words between "hun sier" and what she says
SPLIT_WORDS: Final = (12, 8)  # a sentence sent in two messages: so long are its halves at most
SCORES: Final = {Level.NONE: 0.0, Level.CONCERN: 0.6, Level.HIGH: 0.92, Level.IMMINENT: 0.97}
DOUBT: Final = 0.08  # off for a word read through a slip of the thumb
MINOR_AGES: Final = frozenset(str(age) for age in range(18))


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern that matched, after its guards."""

    pattern: str
    level: Level
    intent: str
    who: str
    tag: str | None
    start: int
    end: int
    doubtful: bool


def screen(text: str, history: Sequence[str] = ()) -> Verdict:
    """Judge a message for danger to life, by rules alone.

    `history` holds the conversation's earlier messages, oldest first: they can raise the level by what
    they add to this message, but a danger said only there is not repeated here (the conversation keeps
    its own highest level). Never raises; pure.
    """
    rules = load_rules()
    hits = _hits(text[:MESSAGE_CHARACTERS], rules)
    earlier = [past[:MESSAGE_CHARACTERS] for past in history[-HISTORY_MESSAGES:]]
    before = [hit for past in earlier for hit in _hits(past, rules)]
    if earlier:
        hits += _across(earlier[-1], text, rules)
    hits += _combined(before, hits, rules)
    return _verdict(hits)


def find_hits(text: str) -> list[Hit]:
    """Return what every pattern finds in one text, the signs without a level of their own too."""
    return _hits(text, load_rules())


def _hits(text: str, rules: Rules) -> list[Hit]:
    """Return what the patterns find in one text."""
    tokens = read(text, rules.lexicon)
    if not tokens:
        return []
    return _Finding(Reader(tokens, rules.grammar), rules).hits()


class _Finding:
    """The patterns and guards at work on one text."""

    def __init__(self, reader: Reader, rules: Rules) -> None:
        self._reader = reader
        self._rules = rules
        self._guards: dict[str, list[Match]] = {}

    def hits(self) -> list[Hit]:
        """Return one hit a pattern at most: its gravest."""
        found: list[Hit] = []
        for pattern in self._rules.patterns:
            best: Hit | None = None
            for expression in pattern.match:
                for match in self._reader.find(expression):
                    hit = self._judge(pattern, match)
                    if hit and (best is None or hit.level > best.level):
                        best = hit
            if best:
                found.append(best)
        return found

    def _judge(self, pattern: Pattern, match: Match) -> Hit | None:
        """Return the hit of a match, or None when a guard takes the danger out of it."""
        if "negation" not in pattern.despite and self._denied(match):
            return None
        if any(self._near(match, other) for e in pattern.unless for other in self._reader.find(e)):
            return None
        level, intent, who = pattern.level, pattern.intent, pattern.who
        for guard in self._rules.guards:
            if guard.id in pattern.despite or not self._guarded(guard, pattern, match):
                continue
            if guard.turns:
                intent, who = guard.turns["intent"], guard.turns["who"]
                continue
            level = min(level, guard.level)
            if level == Level.NONE:
                return None
        tokens = self._reader.tokens
        return Hit(
            pattern=pattern.id,
            level=level,
            intent=intent,
            who="child" if who == "other" and self._minor(match) else who,
            tag=pattern.tag,
            start=tokens[match.start].start,
            end=tokens[match.end - 1].end,
            doubtful=match.weak,
        )

    def _denied(self, match: Match) -> bool:
        """Tell whether a denial stands shortly before, in the same clause, with no subject between."""
        reader, first = self._reader, match.start
        if reader.subjects[first]:
            return False
        for index in range(first - 1, max(-1, first - 1 - NEGATION_WORDS), -1):
            if reader.tokens[index].clause != reader.tokens[first].clause:
                return False
            if reader.negators[index]:
                return True
        return False

    def _near(self, match: Match, other: Match) -> bool:
        tokens = self._reader.tokens
        return tokens[match.start].sentence == tokens[other.start].sentence

    def _matches(self, guard: Guard) -> list[Match]:
        if guard.id not in self._guards:
            found = [m for e in guard.match for m in self._reader.find(e) if not self._denied(m)]
            if found and guard.unless:
                saved = [m for expression in guard.unless for m in self._reader.find(expression)]
                if guard.scope == "message":
                    found = [] if saved else found
                else:
                    found = [m for m in found if not any(self._near(m, other) for other in saved)]
            self._guards[guard.id] = found
        return self._guards[guard.id]

    def _guarded(self, guard: Guard, pattern: Pattern, match: Match) -> bool:
        """Tell whether the guard stands where it takes effect on this match."""
        if guard.only and pattern.intent not in guard.only and pattern.id not in guard.only:
            return False
        return any(self._covers(guard.scope, other, match) for other in self._matches(guard))

    def _covers(self, scope: str, guard: Match, match: Match) -> bool:
        tokens = self._reader.tokens
        if scope == "message":
            return True
        if scope == "overlap":
            return not set(guard.taken).isdisjoint(match.taken)
        if scope == "sentence":
            return self._near(match, guard)
        if scope == "ahead":
            return self._near(match, guard) and guard.end <= match.start
        if scope == "clause":
            return tokens[guard.start].clause == tokens[match.start].clause
        return self._near(match, guard) and 0 <= match.start - guard.end <= FRAME_WORDS

    def _minor(self, match: Match) -> bool:
        """Tell whether the words about the other person say that it is a child."""
        words = {
            symbol
            for token in self._reader.tokens
            if abs(token.sentence - self._reader.tokens[match.start].sentence) <= 1
            for symbol in token.strong
        }
        return bool(words & self._rules.grammar.named("mindrearig")) or (
            "år" in words and bool(words & MINOR_AGES) and "siden" not in words
        )


def _across(before: str, text: str, rules: Rules) -> list[Hit]:
    """Return what is found only when the last message and this one are read as one sentence."""
    halves = [read(half, rules.lexicon) for half in (before, text)]
    if any(len(half) > limit for half, limit in zip(halves, SPLIT_WORDS, strict=True)):
        return []
    joined = before.rstrip(" .…!\n") + " "
    shift = len(joined)
    return [
        Hit(h.pattern, h.level, h.intent, h.who, h.tag, 0, h.end - shift, h.doubtful)
        for h in _hits(joined + text, rules)
        if h.start < shift < h.end
    ]


def _combined(before: Sequence[Hit], now: Sequence[Hit], rules: Rules) -> list[Hit]:
    """Return what earlier and present signs say together. At least one of the two is in this message."""
    old, new = _names(before), _names(now)
    found = []
    for combination in rules.combinations:
        first, then = combination.first, combination.then
        if (new & then and (old | new) & first) or (new & first and old & then):
            places = [hit for hit in now if _names([hit]) & (first | then)]
            found.append(
                Hit(
                    pattern=combination.id,
                    level=combination.level,
                    intent=combination.intent,
                    who=combination.who,
                    tag=None,
                    start=min(hit.start for hit in places),
                    end=max(hit.end for hit in places),
                    doubtful=False,
                )
            )
    return found


def _names(hits: Sequence[Hit]) -> set[str]:
    """Return the tags and intents of hits, which combinations are written with."""
    tags = {hit.tag for hit in hits if hit.tag}
    return tags | {hit.intent for hit in hits if hit.level > Level.NONE}


def _verdict(hits: Sequence[Hit]) -> Verdict:
    """Return the gravest of the hits; among equals the intent that cannot wait."""
    serious = [hit for hit in hits if hit.level > Level.NONE]
    if not serious:
        return NOTHING
    top = max(serious, key=lambda hit: (hit.level, not hit.doubtful, -INTENTS.index(hit.intent)))
    same = [hit for hit in serious if hit.intent == top.intent]
    score = SCORES[top.level] - (DOUBT if top.doubtful else 0.0) + min(0.02, 0.01 * (len(same) - 1))
    evidence = sorted({Evidence(hit.start, hit.end, hit.pattern) for hit in serious}, key=_place)
    return Verdict(level=top.level, intent=top.intent, score=score, who=top.who, evidence=tuple(evidence))


def _place(evidence: Evidence) -> tuple[int, int, str]:
    return evidence.start, evidence.end, evidence.pattern
