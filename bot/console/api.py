"""The console's API: JSON over HTTP with a session cookie. Errors are a code and a Norwegian sentence."""

import dataclasses
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.guard import SERVICE, same_origin
from bot.console.auth import Logins, TooManyAttemptsError
from bot.conversation import blocking, crises, desk, reading
from bot.conversation.blocking import Blocked
from bot.conversation.bus import QUEUE
from bot.conversation.crises import Told
from bot.conversation.desk import Listed, TakenError
from bot.conversation.intake import check_client_id
from bot.conversation.lookup import look_up
from bot.conversation.model import Author, RefusedError
from bot.limits import (
    BLOCK_HOURS,
    BLOCK_REASONS,
    FIGURES_DAYS,
    MESSAGE_CHARACTERS,
    MOST_SEQ,
    SESSION_HOURS,
    STATISTICS_DAYS,
)
from bot.safety import Level
from bot.store import counselors
from bot.store.counselors import Counselor

log = logging.getLogger(__name__)

COOKIE = "hjelpelinje_session"
LOGINS = web.AppKey("logins", Logins)
COUNSELOR = "counselor"
SEARCH_HITS = 5
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def setup(app: web.Application) -> None:
    """Add the console's API to an application."""
    app[LOGINS] = Logins(app[SERVICE])
    app.middlewares.append(guard)
    add = app.router.add_route
    base = "/console/api"
    add("POST", f"{base}/login", log_in)
    add("POST", f"{base}/logout", log_out)
    add("GET", f"{base}/me", me)
    add("POST", f"{base}/duty", duty)
    add("GET", f"{base}/queue", queue)
    add("POST", f"{base}/search", find)
    add("GET", f"{base}/crises", crisis_figures)
    add("GET", f"{base}/blocks", list_blocks)
    add("POST", f"{base}/blocks/{{id:[0-9]{{1,9}}}}/lift", lift_block)
    one = f"{base}/conversations/{{id:[0-9a-f]{{32}}}}"
    add("GET", one, conversation)
    add("POST", f"{one}/claim", claim)
    add("POST", f"{one}/handback", hand_back)
    add("POST", f"{one}/putback", put_back)
    add("POST", f"{one}/close", close)
    add("POST", f"{one}/block", block)
    add("POST", f"{one}/messages", write)
    add("POST", f"{one}/typing", typing)


class ApiError(Exception):
    """An error for the counselor: HTTP status and the id of the phrase that explains it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nothing under /console/api or the console's socket through without a session, but the log-in."""
    if not request.path.startswith(("/console/api/", "/console/ws")):
        return await handler(request)
    try:
        if not same_origin(request, request.app[SERVICE].settings):
            raise ApiError(403, "konsoll_ikke_tilgang")
        if request.path != "/console/api/login":
            request[COUNSELOR] = await _counselor(request)
        return await handler(request)
    except ApiError as error:
        return _error(request, error.status, error.code)
    except TakenError:
        return _error(request, 409, "konsoll_tatt")
    except RefusedError as error:
        return _error(request, 400, error.code)
    except (SQLAlchemyError, OSError) as error:
        log.error("the database does not answer a console: %s", type(error).__name__)
        return _error(request, 503, "konsoll_lager_nede")


async def _counselor(request: web.Request) -> Counselor:
    token = request.cookies.get(COOKIE)
    counselor = await request.app[LOGINS].who(token) if token else None
    if counselor is None:
        raise ApiError(401, "konsoll_logg_inn")
    return counselor


async def log_in(request: web.Request) -> web.Response:
    """Open a session: {username, password}."""
    data = await _json(request)
    try:
        found = await request.app[LOGINS].log_in(_text(data, "username"), _text(data, "password"))
    except TooManyAttemptsError:
        raise ApiError(429, "konsoll_for_mange_forsok") from None
    if found is None:
        raise ApiError(401, "konsoll_feil_passord")
    counselor, token = found
    response = web.json_response(_me(counselor))
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_HOURS * 3600,
        httponly=True,
        samesite="Strict",
        secure=_is_secure(request),
        path="/console",
    )
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session."""
    await request.app[LOGINS].log_out(request.cookies[COOKIE], request[COUNSELOR])
    request.app[SERVICE].bus.publish(QUEUE)
    response = web.json_response({})
    response.del_cookie(COOKIE, path="/console")
    return response


async def me(request: web.Request) -> web.Response:
    """Say who is logged in."""
    return web.json_response(_me(request[COUNSELOR]))


async def duty(request: web.Request) -> web.Response:
    """Go on or off duty: {on}."""
    on = (await _json(request)).get("on") is True
    service = request.app[SERVICE]
    async with service.database.write() as connection:
        await counselors.change(connection, request[COUNSELOR].id, on_duty=on, seen_at=service.now())
    service.bus.publish(QUEUE)
    return web.json_response({"on_duty": on})


async def queue(request: web.Request) -> web.Response:
    """List what waits or is being talked with."""
    items = await desk.queue(request.app[SERVICE])
    return web.json_response({"items": [_plain(item) for item in items]})


async def find(request: web.Request) -> web.Response:
    """Search the knowledge base: {q, malform}. Returns title, short text and page. The words are in no address."""
    data, service = await _json(request), request.app[SERVICE]
    malform = "nn" if data.get("malform") == "nn" else "nb"
    topics = service.knowledge.topics
    hits = await look_up(service, _text(data, "q")[:MESSAGE_CHARACTERS], SEARCH_HITS)
    pages = "/kunnskap/nn/" if malform == "nn" else "/kunnskap/"
    return web.json_response(
        {
            "items": [
                {
                    "topic": hit.topic,
                    "title": hit.title.in_(malform),
                    "short": topics[hit.topic].short.in_(malform),
                    "sms": topics[hit.topic].sms.in_(malform),
                    "url": pages + hit.topic,
                }
                for hit in hits
            ]
        }
    )


async def conversation(request: web.Request) -> web.Response:
    """Return a conversation: messages after ?after=, the bot's summary, where it stands, its crises.

    ?visible=1 says that the page is on a screen somebody may look at, not in a tab behind another.
    With a new message of the relative come their last ones up to ?after= once more: a number told in parts is taken out
    of the first parts when the last one is known.
    """
    service, conversation_id = request.app[SERVICE], request.match_info["id"]
    after, read_at = _number(request, "after", 0), service.now()
    listed = await desk.look(service, conversation_id)
    if listed is None:
        raise ApiError(404, "konsoll_borte")
    items = await reading.items_after(service, conversation_id, after, for_counselor=True)
    if after and any(item.author is Author.RELATIVE for item in items):
        items = [*await reading.items_anew(service, conversation_id, after), *items]
    if after == 0 or request.query.get("visible") == "1":
        await desk.viewed(service, conversation_id, request[COUNSELOR], upto=read_at, opened=after == 0)
    blocked = await blocking.of(service, conversation_id)
    return web.json_response(
        {
            "conversation": _plain(listed),
            "crises": [_plain(crisis) for crisis in await crises.told(service, conversation_id)],
            "block": _plain(blocked) if blocked else None,
            "summary": [
                {"label": label, "value": value}
                for label, value in await desk.summary(service, conversation_id)
            ],
            "messages": [item.model_dump(mode="json") for item in items],
        }
    )


async def claim(request: web.Request) -> web.Response:
    """Take the conversation."""
    await desk.claim(request.app[SERVICE], request.match_info["id"], request[COUNSELOR])
    return web.json_response({})


async def hand_back(request: web.Request) -> web.Response:
    """Give the conversation back to the bot."""
    await desk.hand_back(request.app[SERVICE], request.match_info["id"], request[COUNSELOR])
    return web.json_response({})


async def put_back(request: web.Request) -> web.Response:
    """Put the conversation back in the queue."""
    await desk.put_back(request.app[SERVICE], request.match_info["id"], request[COUNSELOR])
    return web.json_response({})


async def close(request: web.Request) -> web.Response:
    """End the conversation: {danger_met} must be true when it holds danger."""
    data = await _json(request)
    await desk.close(
        request.app[SERVICE],
        request.match_info["id"],
        request[COUNSELOR],
        danger_met=data.get("danger_met") is True,
    )
    return web.json_response({})


async def block(request: web.Request) -> web.Response:
    """End the conversation and block its sender: {reason, hours, danger_met}."""
    data = await _json(request)
    hours = data.get("hours")
    await desk.block(
        request.app[SERVICE],
        request.match_info["id"],
        request[COUNSELOR],
        reason=_text(data, "reason"),
        hours=hours if type(hours) is int else 0,
        danger_met=data.get("danger_met") is True,
    )
    return web.json_response({})


async def list_blocks(request: web.Request) -> web.Response:
    """List the blocks that hold, and the choices for a new one."""
    found = await blocking.listed(request.app[SERVICE])
    return web.json_response(
        {"items": [_plain(item) for item in found], "reasons": BLOCK_REASONS, "hours": BLOCK_HOURS}
    )


async def lift_block(request: web.Request) -> web.Response:
    """Let a blocked sender write again; doing so twice is as good as once."""
    await blocking.lift(request.app[SERVICE], int(request.match_info["id"]), request[COUNSELOR])
    return web.json_response({})


async def crisis_figures(request: web.Request) -> web.Response:
    """Return how soon crises of the last ?days= were seen and answered, in seconds: all, then by level."""
    days = min(max(_number(request, "days", FIGURES_DAYS), 1), STATISTICS_DAYS)
    found = await crises.figures(request.app[SERVICE], days)
    return web.json_response(
        {
            "days": days,
            "items": [
                dataclasses.asdict(item)
                | {"level": Level(item.level).label if item.level is not None else None}
                for item in found
            ],
        }
    )


async def write(request: web.Request) -> web.Response:
    """Send the relative a message: {id, text}; a repeated id is the same message."""
    data = await _json(request)
    client_id = _text(data, "id")
    check_client_id(client_id)
    seq = await desk.write_as(
        request.app[SERVICE], request.match_info["id"], request[COUNSELOR], client_id, _text(data, "text")
    )
    return web.json_response({"seq": seq})


async def typing(request: web.Request) -> web.Response:
    """Tell the relative that the counselor is writing."""
    request.app[SERVICE].bus.publish(request.match_info["id"], typing="counselor")
    return web.json_response({})


async def _json(request: web.Request) -> dict[str, Any]:
    # A page of another site cannot send this content type without asking first.
    if request.content_type != "application/json":
        raise ApiError(415, "ugyldig")
    try:
        data = await request.json()
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ApiError(400, "ugyldig")
    return data


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise ApiError(400, "ugyldig")
    return value


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        number = int(request.query.get(name, default))
    except ValueError:
        raise ApiError(400, "ugyldig") from None
    if not 0 <= number <= MOST_SEQ:
        raise ApiError(400, "ugyldig")
    return number


def _is_secure(request: web.Request) -> bool:
    public = request.app[SERVICE].settings.public_url
    return public.startswith("https://") if public else request.scheme == "https"


def _me(counselor: Counselor) -> dict[str, Any]:
    return {"id": counselor.id, "name": counselor.name, "on_duty": counselor.on_duty}


def _plain(item: Listed | Told | Blocked) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in dataclasses.asdict(item).items()
    }


def _error(request: web.Request, status: int, code: str) -> web.Response:
    text = request.app[SERVICE].knowledge.phrases[code].wording("nb")
    return web.json_response({"error": text, "code": code}, status=status)
