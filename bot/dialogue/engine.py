"""The engine's client: Rasa's public HTTP API, a time-out on every call, a small pool of conversation ids (lanes).

The engine keeps no memory of ours. For a turn a lane's tracker is replaced by the short state that the service
holds, the intent is triggered, and the new state is read back. No message text is in it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.limits import ENGINE_LANES, PARSE_SECONDS, TURN_SECONDS

Json = dict[str, Any]


class EngineError(Exception):
    """The engine is down, slow or gave an answer we cannot use."""


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


class Engine:
    """Speak to one running engine. `url` is its base address, `token` its secret."""

    def __init__(self, url: str, token: str, name: str) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._lanes: asyncio.LifoQueue[str] = asyncio.LifoQueue()
        for number in range(ENGINE_LANES):
            self._lanes.put_nowait(f"{name}-{number}")
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close connections."""
        if self._session:
            await self._session.close()

    async def ready(self) -> bool:
        """Say whether a model is loaded and answers."""
        try:
            return bool((await self._call("GET", "/status", None, PARSE_SECONDS)).get("model_id"))
        except EngineError:
            return False

    async def parse(self, text: str) -> Parse:
        """Return intents, entities and danger of a (redacted) text; raises EngineError."""
        answer = await self._call("POST", "/model/parse", {"text": text}, PARSE_SECONDS)
        try:
            ranking = tuple((row["name"], float(row["confidence"])) for row in answer["intent_ranking"])
            return Parse(ranking, tuple(answer["entities"]), float(answer["danger"]))
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError("the engine's parse has an unknown form") from error

    async def turn(self, state: Sequence[Json], intent: str, entities: Sequence[Json]) -> Turn:
        """Play one intent on top of a state (a list of Rasa events); raises EngineError."""
        async with self._lane() as lane:
            path = f"/conversations/{lane}"
            await self._call("PUT", f"{path}/tracker/events?include_events=NONE", list(state), TURN_SECONDS)
            answer = await self._call(
                "POST",
                f"{path}/trigger_intent?include_events=ALL&output_channel=collect",
                {"name": intent, "entities": list(entities)},
                TURN_SECONDS,
            )
        try:
            tracker = answer["tracker"]
            return Turn(tuple(answer["messages"]), tuple(tracker["events"]), tracker["slots"])
        except (KeyError, TypeError) as error:
            raise EngineError("the engine's turn has an unknown form") from error

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

    async def _call(self, method: str, path: str, body: Any, seconds: float) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.request(
                method,
                self.url + path,
                json=body,
                params={"token": self._token},
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as response:
                if response.status != 200:
                    # The body may echo what we sent: it is never passed on.
                    raise EngineError(f"the engine answered {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise EngineError(f"the engine does not answer ({type(error).__name__})") from None
        if not isinstance(answer, dict):
            raise EngineError("the engine's answer has an unknown form")
        return answer
