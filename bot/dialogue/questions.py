"""The second question of a message: noticed, so that it is answered next."""

import re
from collections.abc import Collection

from bot.dialogue.engine import Engine
from bot.dialogue.understanding import ANSWER_CONFIDENCE, Understanding

MOST_QUESTIONS = 4  # of one message are read by themselves
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ASKING = re.compile(
    r"\?|^(?:og |men |så )?(?:hva|kva|ka|hvordan|korleis|koss|kossn|hvor|kor|hvem|kven|kem|når|hvilke[nt]?|kva for|"
    r"kan|får|har|er|finnes|finst|må|skal|burde|kem|åssen|assen)\b",
    re.IGNORECASE,
)


async def second_question(
    engine: Engine, understanding: Understanding, topics: Collection[str]
) -> str | None:
    """Return the topic of another question in the message than the one answered; None without. Raises EngineError.

    One sentence must ask about the topic that is answered, and another, read by itself, surely about a different one:
    a long story about one thing is never taken for two.
    """
    sentences = [part.strip() for part in _SENTENCE.findall(understanding.redacted)]
    asking = [sentence for sentence in sentences if _ASKING.search(sentence)]
    if len(asking) < 2 or understanding.intent not in topics:
        return None
    rankings = [(await engine.parse(sentence)).ranking for sentence in asking[:MOST_QUESTIONS]]
    firsts = [ranking[0] for ranking in rankings if ranking]
    if understanding.intent not in [intent for intent, _ in firsts]:
        return None
    others = [
        intent
        for intent, confidence in firsts
        if intent != understanding.intent and intent in topics and confidence >= ANSWER_CONFIDENCE
    ]
    return others[0] if others else None
