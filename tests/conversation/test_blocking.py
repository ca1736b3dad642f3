"""A blocked sender gets one calm text with numbers to call, and is heard all the same when there is danger."""

from datetime import timedelta

import pytest

from bot.conversation import blocking, desk, reading
from bot.conversation.model import RefusedError
from bot.conversation.service import Service
from bot.limits import BLOCK_HOURS, BLOCK_REASONS, BLOCK_TOLD_HOURS
from bot.runtime import purge
from bot.store.counselors import Counselor
from tests.conversation.test_answering import make_counselor
from tests.conversation.test_crises import later
from tests.script import NUMBER, TOKEN, answer_all, said, write


async def blocked(service: Service, *, hours: int = 24, sms: bool = False) -> tuple[str, Counselor]:
    """Return the conversation of a sender whom Kari has blocked."""
    later(service, 0)
    kari = await make_counselor(service)
    ack = await write(service, "dere er idioter", sms=sms)
    await desk.claim(service, ack.conversation_id, kari)
    await answer_all(service)
    await desk.block(service, ack.conversation_id, kari, reason="sjikane", hours=hours, danger_met=False)
    return ack.conversation_id, kari


async def texts(service: Service, conversation_id: str) -> list[str]:
    return [item.text for item in await said(service, conversation_id)]


@pytest.mark.parametrize("sms", [False, True])
async def test_the_conversation_ends_and_the_next_message_gets_one_calm_text(
    service: Service, sms: bool
) -> None:
    conversation_id, _kari = await blocked(service, sms=sms)
    assert "avsluttet" in (await texts(service, conversation_id))[-1]
    before = len(await texts(service, conversation_id))
    for text in ("hallo", "hvorfor svarer dere ikke"):
        await write(service, text, sms=sms)
    await answer_all(service)
    own, calm, again = (await texts(service, conversation_id))[before:]
    assert (own, again) == ("hallo", "hvorfor svarer dere ikke")
    assert "113" in calm and "pause" in calm
    assert service.engine.parsed == []  # type: ignore[attr-defined]
    standing = await reading.standing(service, conversation_id)
    assert standing and standing.state == "closed"


async def test_the_calm_text_is_in_the_written_form_of_the_sender(service: Service) -> None:
    conversation_id, _kari = await blocked(service)
    await write(service, "eg veit ikkje kva eg skal gjere, kvifor svarar de ikkje")
    assert "skrive med oss igjen" in (await texts(service, conversation_id))[-1]
    assert "Då kan du" in (await texts(service, conversation_id))[-1]


async def test_it_is_said_again_when_somebody_writes_much_later(service: Service) -> None:
    conversation_id, _kari = await blocked(service)
    for _ in range(2):
        await write(service, "hallo")
        later(service, BLOCK_TOLD_HOURS * 3600 + 1)
    assert sum("pause" in text for text in await texts(service, conversation_id)) == 2


@pytest.mark.parametrize("text", ["jeg vil ta livet mitt", "hun puster ikke"])
async def test_danger_is_heard_answered_and_queued_with_a_mark(service: Service, text: str) -> None:
    conversation_id, kari = await blocked(service)
    await write(service, text)
    assert (await said(service, conversation_id))[-1].kind == "crisis"
    (item,) = await desk.queue(service)
    assert (item.id, item.blocked, item.reason) == (conversation_id, True, "krise")
    await write(service, "er du der?")
    await answer_all(service)
    assert "er du der?" in service.engine.parsed  # type: ignore[attr-defined]
    await desk.claim(service, conversation_id, kari)
    await desk.close(service, conversation_id, kari, danger_met=True)
    await write(service, "hallo")
    assert "pause" in (await texts(service, conversation_id))[-1]


async def test_danger_in_two_messages_is_heard_too(service: Service) -> None:
    conversation_id, _kari = await blocked(service)
    await write(service, "jeg vil")
    await write(service, "ta livet mitt")
    assert (await said(service, conversation_id))[-1].kind == "crisis"


async def test_the_button_for_danger_works(service: Service) -> None:
    conversation_id, _kari = await blocked(service)
    await write(service, "Akutt", payload="/krise_akutt_helse")
    await answer_all(service)
    assert (await said(service, conversation_id))[-1].kind == "crisis"


async def test_a_picture_from_a_blocked_number_is_turned_away_as_a_text_is(service: Service) -> None:
    conversation_id, _kari = await blocked(service, sms=True)
    await write(service, "", wordless=True, sms=True)
    own, calm = (await texts(service, conversation_id))[-2:]
    assert own == "(melding uten tekst)"
    assert "pause" in calm


async def test_a_blocked_number_can_still_say_stopp_and_slett(service: Service) -> None:
    _id, _kari = await blocked(service, sms=True)
    ack = await write(service, "SLETT", sms=True)
    assert "slettet" in (await texts(service, ack.conversation_id))[-1]
    await write(service, "hei igjen", sms=True)
    assert "pause" in (await texts(service, ack.conversation_id))[-1]


async def test_when_the_time_is_over_the_sender_is_answered_and_no_trace_is_left(service: Service) -> None:
    conversation_id, _kari = await blocked(service, hours=1)
    later(service, 3601)
    await write(service, "hva er avlastning?")
    await answer_all(service)
    assert (await texts(service, conversation_id))[-1] == "svar om avlastning"
    await purge(service)
    async with service.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM blocks")).scalar_one() == 0


async def test_a_lifted_block_is_gone_and_who_did_what_is_on_record(service: Service) -> None:
    conversation_id, kari = await blocked(service)
    ola = await make_counselor(service, "Ola")
    (block,) = await blocking.listed(service)
    assert (block.by, block.reason, block.until - block.at) == ("Kari", "sjikane", timedelta(hours=24))
    assert await blocking.lift(service, block.id, ola)
    assert not await blocking.lift(service, block.id, ola)
    assert await blocking.listed(service) == []
    await write(service, "hva er avlastning?")
    await answer_all(service)
    assert (await texts(service, conversation_id))[-1] == "svar om avlastning"
    async with service.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT kind, counselor_id FROM events WHERE kind IN ('blocked', 'unblocked') ORDER BY id"
        )
        assert [tuple(row) for row in rows] == [("blocked", kari.id), ("unblocked", ola.id)]


async def test_another_sender_is_not_touched(service: Service) -> None:
    await blocked(service, sms=True)
    ack = await write(service, "hei")
    await answer_all(service)
    assert (await texts(service, ack.conversation_id))[-1] == "svar om avlastning"


async def test_a_new_block_takes_the_place_of_the_old(service: Service) -> None:
    conversation_id, kari = await blocked(service)
    await write(service, "jeg vil ta livet mitt")
    await desk.claim(service, conversation_id, kari)
    await desk.block(service, conversation_id, kari, reason="trusler", hours=168, danger_met=True)
    assert [block.reason for block in await blocking.listed(service)] == ["trusler"]


async def test_danger_cannot_be_blocked_away_without_a_word_that_it_is_met(service: Service) -> None:
    kari = await make_counselor(service)
    ack = await write(service, "jeg vil ta livet mitt")
    await desk.claim(service, ack.conversation_id, kari)
    with pytest.raises(RefusedError, match="konsoll_fare_ikke_motte"):
        await desk.block(service, ack.conversation_id, kari, reason="sjikane", hours=1, danger_met=False)
    assert await blocking.listed(service) == []


@pytest.mark.parametrize(("reason", "hours"), [("fordi", 1), ("sjikane", 2), ("sjikane", 0)])
async def test_only_the_stated_reasons_and_times_can_be_chosen(
    service: Service, reason: str, hours: int
) -> None:
    kari = await make_counselor(service)
    ack = await write(service, "hei")
    await desk.claim(service, ack.conversation_id, kari)
    with pytest.raises(RefusedError, match="konsoll_blokkering_ugyldig"):
        await desk.block(service, ack.conversation_id, kari, reason=reason, hours=hours, danger_met=False)
    assert max(BLOCK_HOURS) == 30 * 24
    assert "sjikane" in BLOCK_REASONS


async def test_neither_number_nor_token_is_in_the_table(service: Service) -> None:
    await blocked(service, sms=True)
    async with service.database.read() as connection:
        stored = str((await connection.exec_driver_sql("SELECT * FROM blocks")).all())
    assert NUMBER.removeprefix("+47") not in stored
    assert TOKEN not in stored
