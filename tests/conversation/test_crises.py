"""How soon danger is seen and answered is measured from the first dangerous message, and kept without content."""

import asyncio
from datetime import timedelta

from bot.conversation import crises, desk, reading
from bot.conversation.crises import Told
from bot.conversation.service import Service
from bot.limits import PRESENCE_SECONDS
from bot.runtime import purge
from bot.store.counselors import Counselor
from tests.conversation.test_answering import make_counselor
from tests.script import TOKEN, said, write

HIGH = "jeg vil ta livet mitt"
IMMINENT = "hun puster ikke"


def later(service: Service, seconds: float) -> None:
    """Stop the clock, so many seconds from now."""
    moment = service.now() + timedelta(seconds=seconds)
    service.now = lambda: moment


async def only(service: Service, conversation_id: str) -> Told:
    (crisis,) = await crises.told(service, conversation_id)
    return crisis


async def in_danger(service: Service, text: str = HIGH) -> tuple[str, Counselor]:
    later(service, 0)
    kari = await make_counselor(service)
    return (await write(service, text)).conversation_id, kari


async def test_view_and_reply_are_timed_from_the_message_and_only_the_first_counts(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    ola = await make_counselor(service, "Ola")
    later(service, 12)
    await desk.viewed(service, conversation_id, kari)
    later(service, 8)
    await desk.viewed(service, conversation_id, ola)
    await desk.claim(service, conversation_id, ola)
    later(service, 30)
    for client_id in ("a", "b"):
        await desk.write_as(service, conversation_id, ola, client_id, "Hei, jeg er her.")
        later(service, 5)
    crisis = await only(service, conversation_id)
    assert (crisis.level, crisis.seen_after, crisis.seen_by) == ("high", 12, "Kari")
    assert (crisis.replied_after, crisis.replied_by) == (50, "Ola")
    assert crisis.waiting_since is None


async def test_a_claim_is_a_view(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    later(service, 9)
    await desk.claim(service, conversation_id, kari)
    crisis = await only(service, conversation_id)
    assert (crisis.seen_after, crisis.replied_after) == (9, None)


async def test_what_came_after_the_screen_was_read_has_not_been_seen(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    await desk.viewed(service, conversation_id, kari, upto=service.now() - timedelta(seconds=1))
    assert (await only(service, conversation_id)).seen_after is None


async def test_danger_said_again_is_the_same_crisis_and_graver_danger_keeps_its_clock(
    service: Service,
) -> None:
    conversation_id, kari = await in_danger(service)
    later(service, 20)
    await write(service, HIGH)
    await write(service, IMMINENT)
    later(service, 20)
    await desk.viewed(service, conversation_id, kari)
    crisis = await only(service, conversation_id)
    assert (crisis.level, crisis.seen_after) == ("imminent", 40)


async def test_danger_after_a_reply_and_danger_after_the_end_are_new_crises(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    await desk.claim(service, conversation_id, kari)
    await desk.write_as(service, conversation_id, kari, "a", "Hei")
    await write(service, HIGH)
    assert [crisis.replied_after for crisis in await crises.told(service, conversation_id)] == [0, None]
    await desk.close(service, conversation_id, kari, danger_met=True)
    await write(service, HIGH)
    found = await crises.told(service, conversation_id)
    assert [crisis.waiting_since is not None for crisis in found] == [False, False, True]


async def test_a_crisis_that_was_ended_without_a_reply_gets_none_from_a_later_conversation(
    service: Service,
) -> None:
    conversation_id, kari = await in_danger(service)
    await desk.claim(service, conversation_id, kari)
    await desk.hand_back(service, conversation_id, kari)
    later(service, 30)
    await desk.claim(service, conversation_id, kari)
    await desk.write_as(service, conversation_id, kari, "a", "Hei igjen")
    assert (await only(service, conversation_id)).replied_after is None


async def test_danger_told_to_a_counselor_who_is_there_does_not_wait(service: Service) -> None:
    conversation_id, kari = await in_danger(service, "hei")
    await desk.claim(service, conversation_id, kari)
    await write(service, HIGH)
    assert (await only(service, conversation_id)).waiting_since is None


async def test_danger_told_to_a_counselor_who_is_gone_is_queued_for_the_others(service: Service) -> None:
    conversation_id, kari = await in_danger(service, "hei")
    await desk.claim(service, conversation_id, kari)
    later(service, PRESENCE_SECONDS + 1)
    await write(service, HIGH)
    assert (await only(service, conversation_id)).waiting_since == service.now()
    standing = await reading.standing(service, conversation_id)
    assert standing and (standing.state, standing.place) == ("waiting", 1)
    kinds = [item.kind for item in await said(service, conversation_id)]
    assert kinds[-2:] == ["info", "crisis"]


async def test_put_back_it_waits_anew_and_keeps_its_times(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    await desk.claim(service, conversation_id, kari)
    later(service, 100)
    await desk.put_back(service, conversation_id, kari)
    crisis = await only(service, conversation_id)
    assert (crisis.waiting_since, crisis.seen_after) == (service.now(), 0)


async def test_messages_at_the_same_moment_make_one_crisis(service: Service) -> None:
    ack = await write(service, "hei")
    await asyncio.gather(*(write(service, HIGH) for _ in range(5)))
    assert len(await crises.told(service, ack.conversation_id)) == 1


async def test_the_figures_tell_all_and_each_level(service: Service) -> None:
    conversation_id, kari = await in_danger(service)
    await write(service, IMMINENT, sms=True)
    later(service, 30)
    await desk.claim(service, conversation_id, kari)
    await desk.write_as(service, conversation_id, kari, "a", "Hei")
    everything, imminent, high = await crises.figures(service, 30)
    assert (everything.level, everything.crises, everything.waiting) == (None, 2, 1)
    assert (imminent.level, imminent.waiting, imminent.to_view.number) == (3, 1, 0)
    assert (high.level, high.to_view.median, high.to_reply.longest) == (2, 30, 30)


async def test_erased_by_the_relative_the_figures_stay_and_nothing_waits(service: Service) -> None:
    await in_danger(service)
    await reading.erase(service, "widget", TOKEN)
    everything, _high = await crises.figures(service, 30)
    assert (everything.crises, everything.waiting) == (1, 0)


async def test_what_is_kept_of_a_crisis_is_ids_and_times_and_goes_with_the_statistics(
    service: Service,
) -> None:
    await in_danger(service)
    async with service.database.read() as connection:
        row = (await connection.exec_driver_sql("SELECT * FROM crises")).mappings().one()
    assert "livet" not in str(dict(row))
    later(service, 366 * 24 * 3600)
    await purge(service)
    assert (await crises.figures(service, 800))[0].crises == 0
