"""What a message means: the engine's ranking and the safety screen brought together into one decision.

A live message, `hjelpelinje parse` and `hjelpelinje ask` all come through here.
"""

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.dialogue.engine import Engine, EngineError, Parse
from bot.dialogue.language import language_of
from bot.limits import MESSAGE_CHARACTERS, OPINION_SECONDS
from bot.safety import Level, Redacted, Verdict, is_private_name, redact, screen

Json = dict[str, Any]

log = logging.getLogger(__name__)

# Set on held-out messages (tests/evaluation): at ANSWER, 97 of 100 answers are about the right thing, and nine of ten
# messages get one.
ANSWER_CONFIDENCE = 0.55
CLARIFY_CONFIDENCE = 0.2
CANDIDATES = 3
# The statistical layer raises the level when danger is this likely: less is needed where the rules have a concern. Set
# where recall of danger still comes first, on tests/evaluation: of direct statements and of danger to life nothing is
# lost against .35, and a fifth fewer of the hard near misses alarm.
HIGH_DANGER = 0.4
HIGH_DANGER_TOGETHER = 0.3
CONCERN_DANGER = 0.15
# What a rule's word on which danger it is counts, beside the engine's share for another. Set on 668 statements
# of danger by one hand that neither had learned from, and on tests/evaluation/safety.jsonl; .2 to .8 do as well.
RULE_WEIGHT = 0.4
NORWEGIAN = ("nb", "nn")
RECENT = 3  # earlier messages that are read together with a new one

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?")
CRISIS = "krise_"
_MASKED = ("fodselsnummer", "telefon")


class Decision(StrEnum):
    """What the service does with an intent."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Understanding:
    """The final intent with its confidence, the ranking, entities with offsets in the original text, and danger."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Json, ...]
    verdict: Verdict
    language: str
    redacted: str
    decision: Decision

    @property
    def candidates(self) -> list[str]:
        """The intents to ask between, best first."""
        return [intent for intent, _ in self.ranking[:CANDIDATES]]


async def understand(engine: Engine, text: str, history: Sequence[str] = ()) -> Understanding:
    """Return what `text` means after the earlier texts of `history`; raises EngineError."""
    redacted = redact(text)
    # The rules read in a thread while the engine, another process, is at work.
    verdict, parse = await asyncio.gather(
        asyncio.to_thread(screen, text, history), engine.parse(redacted.text)
    )
    if history and max(verdict.level, _statistical_level(parse.danger, verdict.level)) < Level.HIGH:
        verdict = await _with_history(engine, verdict, text, history[-RECENT:])
    return decide(text, redacted, parse, verdict)


async def _with_history(engine: Engine, verdict: Verdict, text: str, history: Sequence[str]) -> Verdict:
    """Raise the level when danger shows in the messages together, and did not before this one came."""
    before = redact("\n".join(history)).text[-MESSAGE_CHARACTERS:]
    together = await engine.parse(f"{before}\n{redact(text).text}"[-MESSAGE_CHARACTERS:])
    if _statistical_level(together.danger, verdict.level) < Level.HIGH:
        return verdict
    if _statistical_level((await engine.parse(before)).danger, Level.NONE) >= Level.HIGH:
        return verdict  # seen and answered then; what is asked now gets its own answer
    return with_engine(verdict, together, language_of(text))


def decide(text: str, redacted: Redacted, parse: Parse, verdict: Verdict) -> Understanding:
    """Bring the layers together. Either may raise danger; a crisis the screen sees is the final intent."""
    language = language_of(text)
    verdict = with_engine(verdict, parse, language)
    ranking = parse.ranking
    if verdict.level >= Level.HIGH and verdict.intent:
        score = max(verdict.score, dict(ranking).get(verdict.intent, 0.0))
        others = [row for row in ranking if row[0] != verdict.intent]
        ranking = ((verdict.intent, score), *((name, value * (1 - score)) for name, value in others))
    if language not in NORWEGIAN and verdict.level < Level.HIGH and ranking[0][0] != "annet_sprak":
        ranking = (
            ("annet_sprak", 0.9),
            *((name, value * 0.1) for name, value in ranking if name != "annet_sprak"),
        )
    intent, confidence = ranking[0]
    return Understanding(
        intent=intent,
        confidence=confidence,
        ranking=ranking,
        entities=_entities(redacted, parse),
        verdict=verdict,
        language=language,
        redacted=redacted.text,
        decision=_decision(confidence),
    )


def pressed(payload: str, known: frozenset[str]) -> tuple[str, tuple[Json, ...]] | None:
    """Return intent and entities of a pressed button, or None when it is not one of ours."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match["intent"] not in known:
        return None
    try:
        values = json.loads(match["entities"] or "{}")
    except ValueError:
        return None
    entities = []
    for name, value in values.items():
        entity, _, role = name.partition("#")
        entities.append({"entity": entity, "value": value} | ({"role": role} if role else {}))
    return match["intent"], tuple(entities)


def _decision(confidence: float) -> Decision:
    if confidence >= ANSWER_CONFIDENCE:
        return Decision.ANSWER
    return Decision.CLARIFY if confidence >= CLARIFY_CONFIDENCE else Decision.UNKNOWN


def _statistical_level(danger: float, rules: Level) -> Level:
    if danger >= (HIGH_DANGER_TOGETHER if rules == Level.CONCERN else HIGH_DANGER):
        return Level.HIGH
    return Level.CONCERN if danger >= CONCERN_DANGER else Level.NONE


async def second_opinion(engine: Engine, text: str) -> Parse | None:
    """Return what the engine makes of a message that must be answered at once; None when that takes too long."""
    try:
        async with asyncio.timeout(OPINION_SECONDS):
            return await engine.parse(redact(text).text)
    except (EngineError, TimeoutError):
        return None
    except Exception:
        log.exception("no second opinion on a message")  # danger is answered whatever happens here
        return None


def with_engine(verdict: Verdict, parse: Parse, language: str) -> Verdict:
    """Let the statistical layer raise the level, never lower it, and have its say in which danger it is."""
    level = _statistical_level(parse.danger, verdict.level)
    if max(verdict.level, level) == Level.NONE:
        return verdict
    intent = _likeliest_crisis(verdict, parse, language)
    if intent != verdict.intent:  # the rule spoke of another danger
        verdict = replace(verdict, intent=intent, who=None, likelihood=parse.danger)
    if level <= verdict.level:
        return verdict
    return replace(verdict, level=level, score=parse.danger, likelihood=parse.danger)


def _likeliest_crisis(verdict: Verdict, parse: Parse, language: str) -> str | None:
    """Return which danger it is: what the engine says of the crises, with the rule's word for its own."""
    crises = {name: confidence for name, confidence in parse.ranking if name.startswith(CRISIS)}
    if verdict.intent and (not crises or language not in NORWEGIAN):
        return verdict.intent  # the engine has only learned Norwegian
    if verdict.intent:
        crises[verdict.intent] = crises.get(verdict.intent, 0.0) + RULE_WEIGHT * sum(crises.values())
    return max(crises, key=lambda name: crises[name], default=None)


def _entities(redacted: Redacted, parse: Parse) -> tuple[Json, ...]:
    """Return entities with offsets in the original text: the engine's moved back, the removed numbers added."""
    found: list[Json] = [
        {"entity": span.kind, "value": span.value, "start": span.start, "end": span.end}
        for span in redacted.spans
        if span.kind in _MASKED
    ]
    for entity in parse.entities:
        inside_mask = any(
            entity["start"] < span.new_end and entity["end"] > span.new_start for span in redacted.spans
        )
        if not inside_mask and _is_whom_it_says(entity, redacted.text):
            found.append(_moved_back(entity, redacted))
    return tuple(sorted(found, key=lambda e: int(e["start"])))


def _is_whom_it_says(entity: Json, text: str) -> bool:
    """Tell whether an entity is to be trusted: a name only when it may be a private person's."""
    return entity["entity"] != "navn" or is_private_name(text, entity["start"], entity["end"])


def _moved_back(entity: Json, redacted: Redacted) -> Json:
    shift = 0
    for span in redacted.spans:
        if span.new_end <= entity["start"]:
            shift = span.end - span.new_end
    moved = {
        "entity": entity["entity"],
        "value": entity["value"],
        "start": entity["start"] + shift,
        "end": entity["end"] + shift,
    }
    return moved | ({"role": entity["role"]} if entity.get("role") else {})
