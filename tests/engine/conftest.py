"""Fixtures for the dialogue: a real engine on a model of rules and stories alone, and a relative who talks to it."""

import asyncio
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from actions import knowledge_base
from bot.dialogue import memory
from bot.dialogue.engine import Engine
from bot.dialogue.supervisor import EngineProcess, free_port
from bot.dialogue.training import ENGINE, PYTHON, engine_environment
from bot.dialogue.understanding import pressed
from bot.runtime import run_actions
from bot.settings import ROOT, Settings
from knowledge import Knowledge
from tests.actions.conftest import OWN

Json = dict[str, Any]

START_SECONDS = 120
# The tests of language understanding need the engine's own Python: see nlu/.
collect_ignore = ["nlu"]


@pytest.fixture(scope="session")
def dialogue_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the dialogue alone, trained now: no language understanding, so it takes seconds."""
    folder = tmp_path_factory.mktemp("model")
    subprocess.run(
        [
            *(str(PYTHON), "-m", "rasa", "train", "core", "--config", "config.yml", "--domain", "domain"),
            *("--stories", str(ROOT / "data" / "stories")),
            *("--out", str(folder), "--fixed-model-name", "dialogue", "--force"),
        ],
        cwd=ENGINE,
        env=engine_environment(Settings(_env_file=None)),
        check=True,
        capture_output=True,
    )
    return folder / "dialogue.tar.gz"


@pytest.fixture(scope="session")
def engine_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a port and a token for the engine under test."""
    return Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("engine"),
        engine_port=free_port(),
        engine_token=SecretStr("-a-token-may-begin-with-a-dash"),
    )


@pytest.fixture(scope="session")
def running_engine(dialogue_model: Path, engine_settings: Settings, knowledge: Knowledge) -> Iterator[str]:
    """The address of an engine that runs with our actions behind it, in a loop of its own."""
    knowledge_base.use(knowledge, lambda malform: OWN)
    url = f"http://127.0.0.1:{engine_settings.engine_port}"
    started, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        engine = Engine(url, engine_settings.engine_token.get_secret_value(), "watch")
        async with run_actions(engine_settings) as actions_url:
            process = EngineProcess(engine_settings, engine, dialogue_model, actions_url, lambda ready: None)
            process.start()
            try:
                await asyncio.wait_for(process.ready.wait(), START_SECONDS)
                started.set()
                await stop.wait()
            finally:
                await process.stop()
                await engine.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert started.wait(START_SECONDS), "the engine did not start"
    yield url
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


@dataclass
class Conversation:
    """A relative's side of a conversation; the state between turns is kept as the service keeps it."""

    engine: Engine
    intents: frozenset[str]
    state: list[Json] = field(default_factory=list)

    @property
    def slots(self) -> Json:
        """The slots that are set now."""
        return memory.slots_of(self.state)

    async def say(self, intent: str, *entities: Json, **slots: Any) -> list[Json]:
        """Say something with this meaning; `slots` are what the service sets beside it. Returns the replies."""
        turn = await self.engine.turn(memory.with_slots(self.state, slots), intent, entities)
        self.state = memory.keep(turn.events)
        return [message["custom"] for message in turn.messages if "custom" in message]

    async def press(self, reply: Json, number: int) -> list[Json]:
        """Press a button of a reply."""
        choice = pressed(reply["buttons"][number]["payload"], self.intents)
        assert choice is not None
        intent, entities = choice
        return await self.say(intent, *entities)


@pytest.fixture(scope="session")
def domain_intents() -> list[str]:
    """The intents that the engine knows."""
    file = ENGINE / "domain" / "intents.yml"
    intents: list[str] = yaml.safe_load(file.read_text(encoding="utf-8"))["intents"]
    return intents


@pytest.fixture
async def talk(
    running_engine: str, engine_settings: Settings, domain_intents: list[str]
) -> AsyncIterator[Callable[..., Conversation]]:
    """Begin a conversation; keyword arguments are slots it begins with."""
    engine = Engine(running_engine, engine_settings.engine_token.get_secret_value(), "test")

    def begin(**slots: Any) -> Conversation:
        given = {"kanal": "widget", "malform": "nb"} | slots
        return Conversation(engine, frozenset(domain_intents), memory.begin(given))

    yield begin
    await engine.close()
