"""The engine slow, wrong, dead, hung, poisoned or being replaced: the relative hears at once, and a person has it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import bot.conversation.answering
import bot.dialogue.engine
import bot.dialogue.supervisor
import bot.runtime
from bot.conversation import desk
from bot.conversation.service import Service
from bot.dialogue.engine import Engine
from bot.dialogue.supervisor import EngineProcess, free_port
from bot.dialogue.training import newest_model
from bot.limits import ANSWER_SECONDS, ENGINE_ATTEMPTS, PARSE_SECONDS
from tests.faults.conftest import PATIENCE_SECONDS, Client, Widget, rows, until
from tests.faults.standin import POISON, StandIn

HIDDEN = "Hemmelig Hansen"  # part of answers that cannot be used: nobody may read it anywhere


async def assert_a_person_has_it(service: Service, widget: Widget, state: str = "waiting") -> None:
    """The relative has read why, whom to call and what happens now; counselors have it in the queue."""
    await widget.read_until(lambda it: it.state == state)
    assert "får ikke svart skikkelig akkurat nå" in widget.replies[0]
    assert {"113", "116117", "116123"} <= widget.numbers
    assert "Traceback" not in str(widget.items)
    listed = [item for item in await desk.queue(service) if item.reason == "teknisk"]
    assert len(listed) == 1
    assert listed[0].state == state


@asynccontextmanager
async def engine_process(service: Service, folder: Path, name: str = "first") -> AsyncIterator[EngineProcess]:
    """Run the stand-in as a process, watched as the engine is."""
    model = folder / "models" / f"{name}.tar.gz"
    model.touch()
    service.engine = Engine(f"http://127.0.0.1:{free_port()}", "token", "test")
    process = EngineProcess(service.settings, service.engine, model, "http://127.0.0.1:9/", lambda _: None)
    process.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.ready.wait()
        yield process
    finally:
        await process.stop()
        await service.engine.close()


@pytest.mark.usefixtures("kari")
async def test_a_frozen_engine_costs_seconds_and_danger_does_not_wait(
    service: Service, client: Client, widget: Widget, engine_folder: Path
) -> None:
    async with engine_process(service, engine_folder) as process:
        assert process.pid
        os.kill(process.pid, signal.SIGSTOP)
        begun = time.monotonic()
        asking = asyncio.create_task(widget.ask("hva er avlastning?"))
        danger = Widget(client)
        assert "113" in await danger.ask("hun puster ikke", seconds=PARSE_SECONDS)
        await asking
        assert time.monotonic() - begun < ANSWER_SECONDS + 5
        await assert_a_person_has_it(service, widget)
        os.kill(process.pid, signal.SIGCONT)
        assert await widget.ask("og hva er avlastning?") == "svar fra first"
    assert widget.own == ["hva er avlastning?", "og hva er avlastning?"]


@pytest.mark.usefixtures("kari")
async def test_an_engine_that_is_slow_every_time_is_given_up_in_good_time(
    service: Service, widget: Widget, engine: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.conversation.answering, "ANSWER_SECONDS", 1.0)
    engine.seconds = 0.7  # each call in time, all of them together not
    await widget.ask("hva er avlastning?")
    await assert_a_person_has_it(service, widget)


async def test_nobody_waits_in_turn_for_an_engine_that_lets_everybody_wait(
    service: Service, client: Client, engine: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.dialogue.engine, "PARSE_SECONDS", 0.3)
    service.engine.rest_seconds = 60.0
    engine.seconds = 30.0
    widgets = [Widget(client) for _ in range(16)]
    for widget in widgets:
        await widget.say("hva er avlastning?")
    await asyncio.gather(*(widget.read_until(lambda it: len(it.replies) == 2) for widget in widgets))
    assert len(engine.parsed) < 2 * len(widgets)
    engine.seconds = 0.0
    service.engine.wake()  # as when another engine has been started
    assert await widgets[0].ask("hva er avlastning?") == "svar fra engine"


def _turn(message: Any) -> dict[str, Any]:
    return {"messages": [message], "tracker": {"events": [], "slots": {}}}


WRONG: dict[str, dict[str, Any]] = {
    "error": {"parse": web.Response(status=500, text=HIDDEN)},
    "not JSON": {"parse": web.Response(text=f"<html>{HIDDEN}", content_type="text/html")},
    "half JSON": {"parse": web.Response(text=f'{{"x": "{HIDDEN}', content_type="application/json")},
    "not UTF-8": {"parse": web.Response(body=b'{"x": "\xff"}', content_type="application/json")},
    "another form": {"parse": [HIDDEN]},
    "nothing": {"parse": {}},
    "no intent": {"parse": {"intent_ranking": [], "entities": [], "danger": 0.0}},
    "no danger": {"parse": {"intent_ranking": [{"name": "klage", "confidence": 0.9}], "entities": []}},
    "no number": {
        "parse": {"intent_ranking": [{"name": HIDDEN, "confidence": HIDDEN}], "entities": [], "danger": 0.0}
    },
    "no place": {
        "parse": {
            "intent_ranking": [{"name": "klage", "confidence": 0.9}],
            "entities": [{"entity": "navn", "value": HIDDEN}],
            "danger": 0.0,
        }
    },
    "turn error": {"turn": web.Response(status=500, text=HIDDEN)},
    "turn of another form": {"turn": {"messages": HIDDEN, "tracker": None}},
    "nothing to say": {"turn": {"messages": [], "tracker": {"events": [], "slots": {}}}},
    "no text": {"turn": _turn({"custom": {"kind": HIDDEN}})},
    "no message": {"turn": _turn({"custom": HIDDEN})},
    "events of another form": {
        "turn": {"messages": [], "tracker": {"events": [HIDDEN], "slots": {"overlevering": HIDDEN}}}
    },
}


@pytest.mark.usefixtures("kari")
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_answer_is_never_passed_on(
    service: Service, widget: Widget, engine: StandIn, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in WRONG[wrong].items():
        setattr(engine, name, value)
    await widget.ask("hva er avlastning?", seconds=ANSWER_SECONDS)
    await assert_a_person_has_it(service, widget)
    engine.parse = engine.turn = None
    assert await widget.ask("og en ting til?") == "svar fra engine"
    assert HIDDEN not in str(widget.items)
    assert HIDDEN not in "".join(record.getMessage() for record in caplog.records)
    assert await rows(service, "SELECT count(*) FROM messages WHERE pending") == [(0,)]


@pytest.mark.usefixtures("kari")
async def test_a_dead_engine_is_told_of_at_once_and_started_again(
    service: Service, widget: Widget, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.dialogue.supervisor, "RESTART_PAUSE_SECONDS", (0.0, 2.0))
    async with engine_process(service, engine_folder) as process:
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        await widget.ask("hva er avlastning?", seconds=PARSE_SECONDS)
        await assert_a_person_has_it(service, widget)
        await until(service.engine.ready)
        assert await widget.ask("og hva er avlastning?") == "svar fra first"


@pytest.mark.usefixtures("kari")
async def test_an_engine_that_hangs_is_ended_and_started_again(
    service: Service, widget: Widget, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.dialogue.supervisor, "ENGINE_CHECK_SECONDS", 0.1)
    monkeypatch.setattr(bot.dialogue.supervisor, "ENGINE_HUNG_SECONDS", 1.0)
    monkeypatch.setattr(bot.dialogue.engine, "PARSE_SECONDS", 1.0)
    async with engine_process(service, engine_folder) as process:
        hung = process.pid
        assert hung
        os.kill(hung, signal.SIGSTOP)
        await widget.ask("hva er avlastning?")
        await assert_a_person_has_it(service, widget)
        await until(service.engine.ready)
        assert process.pid != hung
        assert await widget.ask("og hva er avlastning?") == "svar fra first"


@pytest.mark.usefixtures("kari")
async def test_a_message_that_kills_the_engine_goes_to_a_person_and_the_others_go_on(
    service: Service, client: Client, widget: Widget, engine_folder: Path
) -> None:
    async with engine_process(service, engine_folder):
        await widget.ask(f"{POISON} spørsmål")
        await assert_a_person_has_it(service, widget)
        await until(service.engine.ready)
        other = Widget(client)
        assert await other.ask("hva er avlastning?") == "svar fra first"
        assert await widget.ask("og hva er avlastning?") == "svar fra first"
        assert 1 <= len((engine_folder / "poison.log").read_text()) <= ENGINE_ATTEMPTS
        assert await rows(service, "SELECT count(*) FROM messages WHERE pending") == [(0,)]


async def answers_from(widget: Widget, name: str) -> list[str]:
    """Ask again and again until an engine of this name answers; return all answers before it."""
    before: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await widget.ask("hva er avlastning?")) != f"svar fra {name}":
            before.append(answer)
            await asyncio.sleep(0.1)
    return before


@pytest.fixture
def no_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test ask as often as it likes."""
    monkeypatch.setattr("bot.conversation.intake.MESSAGES_PER_MINUTE", 10_000)
    monkeypatch.setattr("bot.channels.widget.MESSAGES_PER_ADDRESS", 10_000, raising=False)


@pytest.mark.usefixtures("no_rate_limit")
async def test_the_old_engine_answers_until_the_new_one_can(
    service: Service, widget: Widget, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.dialogue.supervisor, "TURN_SECONDS", 0.5)
    async with engine_process(service, engine_folder) as process:
        old = process.pid
        model = engine_folder / "models" / "slow.tar.gz"
        model.touch()
        replacing = asyncio.create_task(process.replace(model))
        before = await answers_from(widget, "slow")
        assert set(before) == {"svar fra first"}
        assert await replacing
        new = process.pid
        assert new and new != old
        os.kill(new, signal.SIGKILL)  # and it is the new one that is kept alive
        await until(lambda: _is_other(process, new))
        await until(service.engine.ready)
        assert (await answers_from(widget, "slow")) == []
    assert sorted(set(widget.replies)) == ["svar fra first", "svar fra slow"]


async def _is_other(process: EngineProcess, pid: int | None) -> bool:
    return process.pid is not None and process.pid != pid


async def test_a_new_model_that_does_not_start_changes_nothing(
    service: Service, widget: Widget, engine_folder: Path
) -> None:
    async with engine_process(service, engine_folder) as process:
        old = process.pid
        assert not await process.replace(engine_folder / "models" / "broken.tar.gz")
        assert process.pid == old
        assert await widget.ask("hva er avlastning?") == "svar fra first"


@pytest.mark.usefixtures("no_rate_limit")
async def test_while_a_model_is_trained_an_older_one_answers(
    service: Service, widget: Widget, engine_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (engine_folder / "models" / f"{name}.tar.gz" for name in ("old", "new"))
    old.touch()
    trained = asyncio.Event()

    async def train(_settings: Any) -> Path:
        await trained.wait()
        new.touch()
        old.unlink()
        return new

    monkeypatch.setattr(bot.runtime, "train", train)
    monkeypatch.setattr(bot.runtime, "MODEL_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(bot.dialogue.supervisor, "TURN_SECONDS", 0.5)
    service.engine = Engine(f"http://127.0.0.1:{free_port()}", "token", "test")
    async with bot.runtime.run_live_engine(service) as process:
        assert process
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.ready.wait()
        assert await widget.ask("hva er avlastning?") == "svar fra old"
        trained.set()
        assert set(await answers_from(widget, "new")) <= {"svar fra old"}
    await service.engine.close()
    assert newest_model() == new


async def test_an_engine_whose_model_has_been_replaced_starts_again_on_the_newest(
    service: Service, widget: Widget, engine_folder: Path
) -> None:
    async with engine_process(service, engine_folder, "old") as process:
        (engine_folder / "models" / "new.tar.gz").touch()
        process.model.unlink()
        dead = process.pid
        assert dead
        os.kill(dead, signal.SIGKILL)
        await until(lambda: _is_other(process, dead))
        await until(service.engine.ready)
        assert await widget.ask("hva er avlastning?") == "svar fra new"


@pytest.mark.parametrize("end", ["exit 1", "kill -9 $$"])
async def test_a_training_that_is_broken_off_leaves_no_model(
    service: Service, engine_folder: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    python = engine_folder / "python"
    python.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--out" ]; do shift; done\necho half > "$2/$4.tar.gz"\n{end}\n'
    )
    python.chmod(0o700)
    monkeypatch.setattr(bot.dialogue.training, "PYTHON", python)
    with pytest.raises(bot.dialogue.training.TrainingError):
        await bot.dialogue.training.train(service.settings)
    assert list((engine_folder / "models").iterdir()) == []
