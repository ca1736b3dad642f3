"""A crisis that nobody takes in time alarms once a wait, whoever is on duty, through crashes and failing receivers."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.alarm import make_ways, run_alarm
from bot.alarm.sending import Notice, Sending
from bot.alarm.sms import OnCallSms
from bot.alarm.watch import Watch
from bot.channels.sms.provider import SendError
from bot.conversation import crises, desk, reading
from bot.conversation.bus import QUEUE
from bot.conversation.service import Service
from bot.limits import ALARM_RETRY_SECONDS, CRISIS_UNCLAIMED_SECONDS, PRESENCE_SECONDS
from bot.store import alarms
from bot.store.database import Database
from tests.conversation.test_answering import make_counselor
from tests.conversation.test_crises import later
from tests.script import TOKEN, said, write

HIGH = "jeg vil ta livet mitt"
KEY = b"k" * 32
ON_CALL = "+4790000099"


class Phone:
    """A way out that does what the test says."""

    def __init__(self, name: str = "webhook") -> None:
        self.name = name
        self.got: list[Notice] = []
        self.error: Exception | None = None

    async def send(self, notice: Notice) -> None:
        if self.error:
            raise self.error
        self.got.append(notice)

    async def close(self) -> None:
        """Nothing is open."""


async def look(service: Service, *ways: str) -> None:
    await Watch(service, ways, lambda: None).look()


async def send_all(service: Service, way: Any) -> None:
    sending = Sending(service, way)
    while await sending.send_next():
        pass


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(500):
        if await done():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def rows(service: Service) -> list[tuple[str, str, int]]:
    async with service.database.read() as connection:
        found = await connection.exec_driver_sql("SELECT way, status, attempts FROM alarms ORDER BY id")
        return [tuple(row) for row in found]  # type: ignore[misc]


async def events(service: Service, kind: str) -> int:
    async with service.database.read() as connection:
        found = await connection.exec_driver_sql(f"SELECT count(*) FROM events WHERE kind = '{kind}'")
        return int(found.scalar_one())


async def unclaimed(service: Service, text: str = HIGH) -> str:
    """Return a conversation with danger that nobody has taken in time."""
    later(service, 0)
    ack = await write(service, text)
    later(service, CRISIS_UNCLAIMED_SECONDS)
    return ack.conversation_id


async def test_with_nobody_on_duty_the_alarm_goes_after_a_minute_and_not_before(service: Service) -> None:
    conversation_id = await unclaimed(service)
    now = service.now()
    service.now = lambda: now - timedelta(seconds=1)
    await look(service, "webhook", "sms")
    assert await rows(service) == []
    service.now = lambda: now
    for _ in range(3):
        await look(service, "webhook", "sms")
    assert await rows(service) == [("webhook", "queued", 0), ("sms", "queued", 0)]
    assert await events(service, "alarm") == 1
    (item,) = await desk.queue(service)
    assert (item.id, item.alarmed) == (conversation_id, True)


async def test_what_somebody_has_taken_does_not_alarm(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await unclaimed(service)
    await desk.claim(service, conversation_id, kari)
    await look(service, "webhook")
    assert await rows(service) == []


async def test_danger_whose_counselor_is_gone_waits_again_and_alarms_after_its_own_minute(
    service: Service,
) -> None:
    kari = await make_counselor(service)
    conversation_id = await unclaimed(service)
    await desk.claim(service, conversation_id, kari)
    later(service, PRESENCE_SECONDS)
    await look(service, "webhook")
    standing = await reading.standing(service, conversation_id)
    assert standing and standing.state == "counselor"
    later(service, 1)
    for _ in range(2):
        await look(service, "webhook")
    standing = await reading.standing(service, conversation_id)
    assert standing and (standing.state, standing.place) == ("waiting", 1)
    texts = [item.text for item in await said(service, conversation_id)]
    assert texts[-1] == service.knowledge.phrases["radgiver_mistet"].wording("nb")
    assert texts.count(texts[-1]) == 1
    assert await rows(service) == []
    later(service, CRISIS_UNCLAIMED_SECONDS)
    await look(service, "webhook")
    assert len(await rows(service)) == 1


async def test_what_the_relative_has_erased_does_not_alarm(service: Service) -> None:
    await unclaimed(service)
    await reading.erase(service, "widget", TOKEN)
    await look(service, "webhook")
    assert await rows(service) == []


async def test_a_crisis_put_back_in_the_queue_alarms_again_after_its_own_minute(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await unclaimed(service)
    await look(service, "webhook")
    await desk.claim(service, conversation_id, kari)
    await desk.put_back(service, conversation_id, kari)
    later(service, CRISIS_UNCLAIMED_SECONDS - 1)
    await look(service, "webhook")
    assert len(await rows(service)) == 1
    later(service, 1)
    await look(service, "webhook")
    assert len(await rows(service)) == 2


async def test_danger_that_gets_graver_after_the_alarm_has_an_alarm_of_its_own(service: Service) -> None:
    await unclaimed(service)
    await look(service, "webhook")
    await write(service, "hun puster ikke")
    later(service, CRISIS_UNCLAIMED_SECONDS)
    await look(service, "webhook")
    phone = Phone()
    await send_all(service, phone)
    assert [notice.level for notice in phone.got] == ["imminent", "high"]


async def test_of_many_who_watch_one_raises_the_alarm_and_all_tell_their_consoles(
    service: Service,
) -> None:
    await unclaimed(service)
    other = Service(
        Database(service.database.url, service.database.cipher),
        service.knowledge,
        service.engine,
        service.settings,
        now=service.now,
    )
    try:
        with service.bus.listen(QUEUE) as here, other.bus.listen(QUEUE) as there:
            watches = [Watch(who, ["webhook"], lambda: None) for who in (service, other) for _ in range(3)]
            await asyncio.gather(*(watch.look() for watch in watches))
            await asyncio.gather(*(watch.look() for watch in watches))
            assert not here.empty()
            assert not there.empty()
    finally:
        await other.database.close()
    assert await rows(service) == [("webhook", "queued", 0)]
    assert await events(service, "alarm") == 1


async def test_a_crash_while_the_alarm_is_raised_neither_loses_nor_doubles_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await unclaimed(service)

    async def full_disk(*_args: Any, **_values: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.alarm.watch.events.add", full_disk)
    with pytest.raises(OSError, match="No space"):
        await look(service, "webhook")
    assert await rows(service) == []
    monkeypatch.undo()
    await look(service, "webhook")
    await look(service, "webhook")
    assert await rows(service) == [("webhook", "queued", 0)]


async def test_what_was_being_sent_at_a_crash_is_sent_when_the_lease_ends(service: Service) -> None:
    await unclaimed(service)
    await look(service, "webhook")
    async with service.database.write() as connection:
        assert await alarms.take(connection, "webhook", service.now(), 30)
    phone = Phone()
    await send_all(service, phone)
    assert phone.got == []
    later(service, 31)
    await send_all(service, phone)
    assert len(phone.got) == 1
    assert await rows(service) == [("webhook", "sent", 2)]


async def test_two_senders_do_not_send_the_same_alarm(service: Service) -> None:
    await unclaimed(service)
    await look(service, "webhook")
    phone = Phone()
    await asyncio.gather(*(send_all(service, phone) for _ in range(4)))
    assert len(phone.got) == 1


async def test_a_failing_receiver_is_tried_by_the_ladder_and_then_shown_as_failed(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    conversation_id = await unclaimed(service)
    await look(service, "webhook")
    phone = Phone()
    for number, pause in enumerate((*ALARM_RETRY_SECONDS, 0.0)):
        phone.error = SendError("answered 500") if number % 2 else ValueError("hemmelig")
        await send_all(service, phone)
        await send_all(service, phone)
        later(service, pause)
    assert await rows(service) == [("webhook", "failed", len(ALARM_RETRY_SECONDS) + 1)]
    (crisis,) = await crises.told(service, conversation_id)
    assert crisis.alarms == {"webhook": "failed"}
    assert await events(service, "alarm_failed") == 1
    assert conversation_id not in caplog.text
    assert "hemmelig" not in caplog.text


async def test_an_alarm_that_nobody_needs_any_more_is_not_sent(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await unclaimed(service)
    await look(service, "webhook")
    phone = Phone()
    phone.error = SendError("down")
    await send_all(service, phone)
    await desk.claim(service, conversation_id, kari)
    phone.error = None
    later(service, ALARM_RETRY_SECONDS[0])
    await send_all(service, phone)
    assert phone.got == []
    assert (await rows(service))[0][1] == "unneeded"


@pytest.fixture
async def receiver(service: Service) -> AsyncIterator[list[tuple[Any, bytes]]]:
    """What an operator's webhook gets; the settings name it."""
    got: list[tuple[Any, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers.copy(), await request.read()))
        return web.Response(status=204 if len(got) > 1 else 503)

    app = web.Application()
    app.router.add_post("/alarm", take)
    async with TestServer(app) as server:
        service.settings.alarm_webhook_url = str(server.make_url("/alarm"))
        service.settings.alarm_webhook_secret = SecretStr("whsec_" + base64.b64encode(KEY).decode())
        service.settings.public_url = "https://chat.example.no"
        yield got


async def test_the_webhook_gets_a_signed_message_without_content_the_same_each_time(
    service: Service, receiver: list[tuple[Any, bytes]]
) -> None:
    conversation_id = await unclaimed(service)
    await look(service, "webhook")
    (way,) = make_ways(service)
    for _ in range(2):
        await send_all(service, way)
        later(service, ALARM_RETRY_SECONDS[0])
    await way.close()
    (first, _), (headers, body) = receiver
    message_id, at = headers["webhook-id"], headers["webhook-timestamp"]
    assert message_id == first["webhook-id"]
    signed = hmac.new(KEY, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(signed).decode()
    assert json.loads(body)["data"] == {
        "conversation": conversation_id,
        "level": "high",
        "waited_seconds": 62,
        "console": f"https://chat.example.no/console#{conversation_id}",
    }
    assert b"livet" not in body


async def test_the_phone_on_call_gets_a_norwegian_sms_without_content(service: Service) -> None:
    sent: list[tuple[str, str, int]] = []

    class Gateway:
        async def send(self, to: str, text: str, delivery_id: int) -> str:
            sent.append((to, text, delivery_id))
            return "ref"

    conversation_id = await unclaimed(service)
    service.settings.alarm_phone = ON_CALL
    await look(service, "sms")
    await send_all(service, OnCallSms(service, Gateway()))  # type: ignore[arg-type]
    ((to, text, delivery_id),) = sent
    assert to == ON_CALL
    assert "har ventet 60 sekunder" in text
    assert text.endswith(f"/console#{conversation_id}")
    assert "livet" not in text
    assert delivery_id < 0  # a receipt is never taken for that of a relative's SMS


async def test_the_loops_find_raise_and_send_also_after_a_restart_and_stop(
    service: Service, receiver: list[tuple[Any, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alarm.SWEEP_SECONDS", 0.05)
    await unclaimed(service)
    for status in ("queued", "sent"):

        async def tried(status: str = status) -> bool:
            (row,) = await rows(service) or [("", "", 0)]
            return row[1] == status and row[2] > 0

        async with run_alarm(service):
            await until(tried)
        later(service, ALARM_RETRY_SECONDS[0])
    assert await rows(service) == [("webhook", "sent", 2)]
    assert len(receiver) == 2


async def test_a_clock_that_is_set_back_does_not_put_the_alarm_off(service: Service) -> None:
    await unclaimed(service)
    later(service, -3600)
    await look(service, "webhook")
    await look(service, "webhook")
    assert len(await rows(service)) == 1


async def test_a_receiver_that_hangs_delays_nobody_who_writes(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hangs(Phone):
        async def send(self, notice: Notice) -> None:
            self.got.append(notice)
            await let_go.wait()

    let_go, phone = asyncio.Event(), Hangs()
    monkeypatch.setattr("bot.alarm.make_ways", lambda _service: [phone])
    await unclaimed(service)

    async def rings() -> bool:
        return bool(phone.got)

    async with run_alarm(service):
        await until(rings)
        async with asyncio.timeout(10):
            await write(service, "hun puster ikke", sms=True)
        let_go.set()
