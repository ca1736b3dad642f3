"""The engine's client: Rasa's public HTTP API, a time-out on every call, a small pool of conversation ids (lanes).

The engine keeps no memory of ours. For a turn a lane's tracker is replaced by the short state that the service
holds, the intent is triggered, and the new state is read back. No message text is in it.

An engine that lets many calls in a row time out may be left alone for a while (`rest_seconds`): those who write in
that time are told at once that a person will answer, and do not wait in turn for nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from bot.limits import ENGINE_LANES, ENGINE_TIMEOUTS, PARSE_SECONDS, TURN_SECONDS

Json = dict[str, Any]


class EngineError(Exception):
    """The engine is down, slow or gave an answer we cannot use."""


class EngineTimeoutError(EngineError):
    """The engine has not answered in time."""


@dataclass(frozen=True)
class Parse:
    """What the engine made of a text: intents with confidence, best first, entities with offsets, and how likely
    the text holds danger (0 to 1).
    """

    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Json, ...]
    danger: float


@dataclass(frozen=True)
class Turn:
    """What the engine said to an intent, and the events its dialogue then stands at."""

    messages: tuple[Json, ...]
    events: tuple[Json, ...]
    slots: Mapping[str, Any]


class _Ranked(BaseModel):
    name: str = Field(min_length=1)
    confidence: float = Field(ge=0, allow_inf_nan=False)


class _Entity(BaseModel):
    entity: str
    value: Any
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class _Parsed(BaseModel):
    """What we rely on in the engine's parse (Rasa's HTTP API, /model/parse); the rest is left as it is."""

    intent_ranking: list[_Ranked] = Field(min_length=1)
    entities: list[_Entity]
    danger: float = Field(ge=0, le=1, allow_inf_nan=False)


class _Tracker(BaseModel):
    events: list[Json]
    slots: Json


class _Turned(BaseModel):
    """What we rely on in the engine's turn (Rasa's HTTP API, /conversations/{id}/trigger_intent)."""

    messages: list[Json]
    tracker: _Tracker


class Engine:
    """Speak to one running engine. `url` is its base address, `token` its secret."""

    def __init__(self, url: str, token: str, name: str) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._lanes: asyncio.LifoQueue[str] = asyncio.LifoQueue()
        for number in range(ENGINE_LANES):
            self._lanes.put_nowait(f"{name}-{number}")
        self._session: aiohttp.ClientSession | None = None
        self.rest_seconds = 0.0  # off: a command that reads its input to the end has nobody waiting
        self._timeouts = 0
        self._rests_until = 0.0

    async def close(self) -> None:
        """Close connections."""
        if self._session:
            await self._session.close()

    async def ready(self) -> bool:
        """Say whether a model is loaded and answers."""
        try:
            return bool((await self._call("GET", f"{self.url}/status", None, PARSE_SECONDS)).get("model_id"))
        except EngineError:
            return False

    def wake(self) -> None:
        """Forget that calls have timed out: another engine answers now."""
        self._timeouts, self._rests_until = 0, 0.0

    async def parse(self, text: str) -> Parse:
        """Return intents, entities and danger of a (redacted) text; raises EngineError."""
        answer = await self._ask("POST", f"{self.url}/model/parse", {"text": _as_words(text)}, PARSE_SECONDS)
        try:
            parsed = _Parsed.model_validate(answer)
        except ValidationError:  # its words quote the answer
            raise EngineError("the engine's parse has an unknown form") from None
        ranking = tuple((row.name, row.confidence) for row in parsed.intent_ranking)
        return Parse(ranking, tuple(answer["entities"]), parsed.danger)

    async def turn(self, state: Sequence[Json], intent: str, entities: Sequence[Json]) -> Turn:
        """Play one intent on top of a state (a list of Rasa events); raises EngineError."""
        async with self._lane() as lane:
            # Both calls go to the same engine, also when another takes its place between them.
            base = f"{self.url}/conversations/{lane}"
            await self._ask("PUT", f"{base}/tracker/events?include_events=NONE", list(state), TURN_SECONDS)
            answer = await self._ask(
                "POST",
                f"{base}/trigger_intent?include_events=ALL&output_channel=collect",
                {"name": intent, "entities": list(entities)},
                TURN_SECONDS,
            )
        try:
            turned = _Turned.model_validate(answer)
        except ValidationError:
            raise EngineError("the engine's turn has an unknown form") from None
        return Turn(tuple(turned.messages), tuple(turned.tracker.events), turned.tracker.slots)

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[str]:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                lane = await self._lanes.get()
        except TimeoutError as error:
            raise EngineError("the engine has more to do than it can") from error
        try:
            yield lane
        finally:
            self._lanes.put_nowait(lane)

    async def _ask(self, method: str, url: str, body: Any, seconds: float) -> Json:
        """Call the engine, unless it rests."""
        if time.monotonic() < self._rests_until:
            raise EngineError("the engine has let others wait in vain just now")
        try:
            answer = await self._call(method, url, body, seconds)
        except EngineTimeoutError:
            self._timeouts += 1
            if self._timeouts >= ENGINE_TIMEOUTS:
                self._rests_until = time.monotonic() + self.rest_seconds
            raise
        self._timeouts = 0
        return answer

    async def _call(self, method: str, url: str, body: Any, seconds: float) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                params={"token": self._token},
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as response:
                if response.status != 200:
                    # The body may echo what we sent: it is never passed on.
                    raise EngineError(f"the engine answered {response.status}")
                answer = await response.json()
        except TimeoutError:
            raise EngineTimeoutError(f"the engine did not answer within {seconds:g} s") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise EngineError(f"the engine does not answer ({type(error).__name__})") from None
        if not isinstance(answer, dict):
            raise EngineError("the engine's answer has an unknown form")
        return answer


def _as_words(text: str) -> str:
    """Return a text that Rasa reads as words. One that begins with "/" it takes for an intent told outright, and
    writes to its log when it is none. The length stays, and so the places of entities.
    """
    words = text.lstrip("/ \n\t")
    return words.rjust(len(text)) if words else "-" * len(text)
