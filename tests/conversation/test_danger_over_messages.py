"""Danger that only shows from several messages together."""

from bot.conversation.service import Service
from bot.dialogue.understanding import understand
from bot.safety import Level
from tests.script import ScriptedEngine

EARLIER, LAST = "Jeg har ordnet alle papirene nå.", "Da er det bare bilturen igjen."


def scripted(service: Service) -> ScriptedEngine:
    assert isinstance(service.engine, ScriptedEngine)
    return service.engine


async def test_messages_that_are_dangerous_together_alarm(service: Service) -> None:
    engine = scripted(service)
    engine.dangers = {f"{EARLIER}\n{LAST}": 0.9}
    understood = await understand(engine, LAST, [EARLIER])
    assert understood.verdict.level is Level.HIGH


async def test_what_alarmed_before_does_not_alarm_again_under_another_question(service: Service) -> None:
    engine = scripted(service)
    engine.dangers = {EARLIER: 0.9, f"{EARLIER}\n{LAST}": 0.9}
    understood = await understand(engine, LAST, [EARLIER])
    assert understood.verdict.level is Level.NONE


async def test_without_danger_together_the_level_stays(service: Service) -> None:
    understood = await understand(scripted(service), LAST, [EARLIER])
    assert understood.verdict.level is Level.NONE
