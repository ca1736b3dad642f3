"""The clock jumps, ahead or back: nobody waits until it has caught up, and nothing is done twice or deleted."""

import asyncio
from datetime import datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

import bot.runtime
from bot.alarm.watch import Watch
from bot.channels.sms.provider import SendError
from bot.channels.sms.sending import Sending
from bot.console.auth import add_counselor
from bot.conversation.service import Service
from bot.limits import (
    CLOCK_JUMP_SECONDS,
    CLOCK_STEADY_SECONDS,
    LEASE_SECONDS,
    MESSAGES_PER_MINUTE,
    SESSION_HOURS,
)
from bot.runtime import Steadiness, run_purging
from bot.server import make_app
from bot.store import conversations, counselors
from tests.faults.conftest import ON_BOTH, rows, until
from tests.faults.standin import StandIn
from tests.script import answer_all, said, write

PASSWORD = "et langt passord for prøver"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """The service's clock, which jumps when told."""

    def __init__(self, service: Service) -> None:
        self._now = service.now
        self._off = timedelta()
        service.now = self.now

    def now(self) -> datetime:
        return self._now() + self._off

    def jump(self, by: timedelta) -> None:
        self._off += by


@pytest.fixture
def clock(service: Service) -> Clock:
    return Clock(service)


class Gateway:
    """A gateway that does what the test says."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.down = False

    async def send(self, _to: str, text: str, delivery_id: int) -> str:
        if self.down:
            raise SendError("down")
        self.sent.append(text)
        return f"r{delivery_id}"


async def send_all(service: Service, gateway: Gateway) -> None:
    sending = Sending(service, gateway)  # type: ignore[arg-type]
    while await sending.send_next():
        pass


@ON_BOTH
@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_a_jump_while_an_answer_is_made_gives_one_answer(
    service: Service, clock: Clock, engine: StandIn, jump: timedelta
) -> None:
    engine.seconds = 0.2
    ack = await write(service, "hva er avlastning?")
    first = asyncio.create_task(answer_all(service))
    await engine.asked.wait()
    clock.jump(jump)
    await asyncio.gather(first, answer_all(service))
    assert [item.text for item in await said(service, ack.conversation_id)] == [
        "hva er avlastning?",
        "svar fra engine",
    ]


@ON_BOTH
@pytest.mark.usefixtures("engine")
async def test_a_lease_from_the_future_holds_nobody_up(service: Service, clock: Clock) -> None:
    ack = await write(service, "hva er avlastning?")
    async with service.database.write() as connection:
        await conversations.lease(connection, "a worker that dies", service.now(), LEASE_SECONDS)
    clock.jump(-HOUR)
    await answer_all(service)
    assert len(await said(service, ack.conversation_id)) == 2


@ON_BOTH
@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_an_sms_waits_for_no_clock_and_goes_out_once(
    service: Service, clock: Clock, jump: timedelta
) -> None:
    gateway = Gateway()
    gateway.down = True
    await write(service, "hei", sms=True)  # is greeted
    await send_all(service, gateway)
    gateway.down = False
    clock.jump(jump)
    await send_all(service, gateway)
    await send_all(service, gateway)
    assert len(gateway.sent) == 1
    clock.jump(-jump)
    await send_all(service, gateway)
    assert len(gateway.sent) == 1


async def test_a_clock_that_is_set_back_makes_nobody_too_fast(service: Service, clock: Clock) -> None:
    for number in range(MESSAGES_PER_MINUTE):
        await write(service, f"melding {number}")
    clock.jump(-HOUR)
    assert (await write(service, "en til")).seq == MESSAGES_PER_MINUTE + 1


async def test_counselors_who_are_there_are_there_again_after_their_next_sign_of_life(
    service: Service, clock: Clock, kari: int
) -> None:
    for jump in (HOUR, -2 * HOUR):
        clock.jump(jump)
        async with service.database.write() as connection:
            assert await service.counselors_on_duty(connection) == 0
        async with service.database.write() as connection:
            await counselors.change(connection, kari, seen_at=service.now())
            assert await service.counselors_on_duty(connection) == 1


async def test_a_session_lasts_its_time_by_the_clock_and_none_from_a_wrong_clock_lasts_longer(
    service: Service, clock: Clock
) -> None:
    await add_counselor(service, "kari", "Kari", PASSWORD)
    async with TestClient(TestServer(make_app(service))) as client:

        async def log_in() -> None:
            response = await client.post(
                "/console/api/login", json={"username": "kari", "password": PASSWORD}
            )
            assert response.status == 200

        async def status() -> int:
            return (await client.get("/console/api/me")).status

        await log_in()
        clock.jump(-HOUR / 2)
        assert await status() == 200
        clock.jump((SESSION_HOURS + 1) * HOUR)
        assert await status() == 401
        clock.jump(365 * DAY)
        await log_in()
        assert await status() == 200
        clock.jump(-365 * DAY)
        assert await status() == 401


async def test_danger_that_nobody_takes_raises_the_alarm_though_the_clock_is_set_back(
    service: Service, clock: Clock
) -> None:
    await write(service, "hun puster ikke")
    clock.jump(-HOUR)
    await Watch(service, [], lambda: None).look()
    assert await rows(service, "SELECT count(*) FROM events WHERE kind = 'alarm'") == [(1,)]


async def test_a_clock_that_jumps_ahead_deletes_nothing(
    service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bot.runtime, "PURGE_SECONDS", 0.1)
    ack = await write(service, "hei")
    async with run_purging(service):
        clock.jump((service.settings.content_days + 1) * DAY)

        async def is_told() -> bool:
            return "the clock has jumped" in caplog.text

        await until(is_told)
    assert len(await said(service, ack.conversation_id)) == 1


def test_a_clock_is_believed_again_after_a_steady_day() -> None:
    hour = CLOCK_JUMP_SECONDS
    now, elapsed = datetime.now().astimezone(), 0.0
    steady = Steadiness(lambda: now, lambda: elapsed)
    assert steady.is_steady()
    now, elapsed = now + timedelta(seconds=hour * 2.5), hour
    assert not steady.is_steady()
    for _ in range(round(CLOCK_STEADY_SECONDS / hour) - 1):
        now, elapsed = now + timedelta(seconds=hour), elapsed + hour
        assert not steady.is_steady()
    now, elapsed = now + timedelta(seconds=hour), elapsed + hour
    assert steady.is_steady()
