"""The crisis screen's rule layer: a text, the texts before it, and what they say about danger.

Every decision is the work of patterns that a person has reviewed, and names the words it rests on. A
pattern's match may be lowered by a guard: the words around it that make it an idiom, a denial, the past,
a film, or a professional's question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .matching import Match, Reader
from .patterns import INTENTS, Candidate, Guard, Pattern, Rules, load_rules
from .tokens import read
from .verdict import NOTHING, Evidence, Level, Verdict

MESSAGE_CHARACTERS: Final = 8_000  # beyond it nothing is read; a channel lets less through
HISTORY_MESSAGES: Final = 6
BARE_WORDS: Final = 6  # a sentence of so many words says one thing
CRY_WORDS: Final = 25  # a cry for help is short
FRAME_WORDS: Final = 3  # words between "hun sier" and what she says
SPLIT_WORDS: Final = (12, 8)  # a sentence sent in two messages: so long are its halves at most
SCORES: Final = {Level.NONE: 0.0, Level.CONCERN: 0.6, Level.HIGH: 0.92, Level.IMMINENT: 0.97}
DOUBT: Final = 0.08  # off for a word read through a slip of the thumb
GROWING: Final = "sammen.igjen"  # the pattern named when a worry comes back in other words
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
    hits += _growing(before, hits)
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
        best: dict[str, Hit] = {}
        for candidate in self._candidates():
            pattern = candidate.pattern
            for match in self._reader.find(candidate.expression):
                sure = not candidate.is_hint or self._is_plain(match)
                hit = self._judge(
                    pattern, pattern.level if sure else min(pattern.level, Level.CONCERN), match
                )
                if hit and (pattern.id not in best or hit.level > best[pattern.id].level):
                    best[pattern.id] = hit
        return list(best.values())

    def _candidates(self) -> Iterable[Candidate]:
        """Return the expressions that a word of the text brings up, in the order of the files."""
        anchors = self._rules.anchors
        found = {c.place: c for symbol in self._reader.symbols for c in anchors.get(symbol, ())}
        return [found[place] for place in sorted(found)]

    def _judge(self, pattern: Pattern, level: Level, match: Match) -> Hit | None:
        """Return the hit of a match, or None when a guard takes the danger out of it."""
        if "negation" not in pattern.despite and self._reader.denied(match):
            return None
        if any(self._near(match, other) for e in pattern.unless for other in self._reader.find(e)):
            return None
        intent, who = pattern.intent, pattern.who
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

    def _is_plain(self, match: Match) -> bool:
        """Tell whether a hint counts in full: its sentence says little else, or the writer calls for help at once."""
        if self._reader.denied(match):
            return False
        tokens = self._reader.tokens
        sentence = tokens[match.start].sentence
        if sum(token.sentence == sentence for token in tokens) <= BARE_WORDS:
            return True
        return len(tokens) <= CRY_WORDS and bool(self._reader.find(self._rules.urgent))

    def _near(self, match: Match, other: Match) -> bool:
        tokens = self._reader.tokens
        return tokens[match.start].sentence == tokens[other.start].sentence

    def _matches(self, guard: Guard) -> list[Match]:
        if guard.id not in self._guards:
            found = [m for e in guard.match for m in self._reader.find(e) if not self._reader.denied(m)]
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
        if guard.past and not self._is_past(match):
            return False
        return any(self._covers(guard.scope, other, match) for other in self._matches(guard))

    def _is_past(self, match: Match) -> bool:
        """Tell whether a verb of the match is in the past tense."""
        return any(self._reader.tokens[i].text in self._rules.past for i in match.taken)

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


def _growing(before: Sequence[Hit], now: Sequence[Hit]) -> list[Hit]:
    """Return a hit at `high` for a worry that was there before, in other words, and is there again."""
    found = []
    for hit in now:
        if hit.level == Level.CONCERN and any(
            past.level == Level.CONCERN and past.intent == hit.intent and past.pattern != hit.pattern
            for past in before
        ):
            found.append(replace(hit, pattern=GROWING, level=Level.HIGH, tag=None))
    return found[:1]


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
