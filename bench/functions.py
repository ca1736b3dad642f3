"""What works without the engine: the crisis screen, redaction, reading the knowledge base, composing answers."""

import itertools
import statistics
import time
from collections.abc import Iterator, Sequence

from actions import knowledge_base
from actions.topics import answer_topic
from actions.turn import Turn
from bench.measure import RUNS, Figure, milliseconds_each
from bot.safety import redact, screen
from knowledge import Knowledge, load_knowledge


def function_figures(texts: Sequence[str]) -> Iterator[Figure]:
    """Yield the figures."""
    longest = [text * (4000 // len(text)) for text in sorted(texts, key=len)[-20:]]
    for words, given in (("", texts), (" (4,000 characters)", longest)):
        yield from _timed(f"crisis screen{words}", *milliseconds_each(screen, given))
        yield from _timed(f"redaction{words}", *milliseconds_each(redact, given))
    loads, knowledge = zip(*(_timed_load() for _ in range(RUNS)), strict=True)
    yield Figure("reading the knowledge base", statistics.median(loads), "ms of a core")
    yield from _composition(knowledge[0])


def _timed(what: str, p50: float, p95: float) -> Iterator[Figure]:
    yield Figure(f"{what}, p50", p50, "ms of a core")
    yield Figure(f"{what}, p95", p95, "ms of a core")


def _timed_load() -> tuple[float, Knowledge]:
    started = time.process_time()
    knowledge = load_knowledge()
    return (time.process_time() - started) * 1000, knowledge


def _composition(knowledge: Knowledge) -> Iterator[Figure]:
    """Compose the answer to every topic, in both written forms and for both channels."""
    knowledge_base.use(knowledge)
    turns = {
        f"{topic} {channel} {form}": Turn(topic, (), {"kanal": channel, "malform": form}, knowledge)
        for topic, channel, form in itertools.product(knowledge.topics, ("widget", "sms"), ("nb", "nn"))
    }
    taken = milliseconds_each(lambda name: answer_topic(turns[name], turns[name].intent), list(turns))
    yield from _timed("composing an answer", *taken)
