"""What a relative writes arrives once, and what they are sent is shown once, whatever the line does."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from .conftest import Relative, visit
from .fake_server import FakeServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = 20_000  # patience, resending and backing off take seconds


async def test_a_message_is_marked_sent_when_the_server_has_stored_it(relative: Relative) -> None:
    relative.server.pace = 2  # time enough to see it unsent
    relative.server.lose_acks = 1
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sender …")
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    assert relative.server.stored() == ["Hei"]


async def test_a_lost_ack_makes_no_double(relative: Relative) -> None:
    relative.server.lose_acks = 2
    await relative.open()
    await relative.write("Bare én gang")
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    sent = relative.server.got("send")
    assert len(sent) >= 3
    assert len({frame["id"] for frame in sent}) == 1
    assert relative.server.stored() == ["Bare én gang"]
    await expect(relative.items).to_have_count(1)


async def test_a_line_cut_after_storing_makes_no_double(relative: Relative) -> None:
    relative.server.cut_after_store = 1
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    assert relative.server.stored() == ["Hei"]
    await expect(relative.items).to_have_count(1)


async def test_a_message_typed_offline_is_sent_once_when_the_line_returns(relative: Relative) -> None:
    await relative.open()
    relative.server.sockets_down = True
    await relative.server.cut()
    await relative.write("Skrevet uten nett")
    await relative.write("Og én til")
    await expect(relative.own.first).to_contain_text("Ikke sendt ennå, prøver igjen")
    await expect(relative.page.get_by_text("Vi har ikke kontakt akkurat nå")).to_be_visible()
    assert relative.server.stored() == []
    relative.server.sockets_down = False
    await expect(relative.own.last).to_contain_text("Sendt", timeout=SLOW)
    await expect(relative.page.get_by_text("Vi har ikke kontakt akkurat nå")).to_be_hidden()
    assert relative.server.stored() == ["Skrevet uten nett", "Og én til"]
    await expect(relative.items).to_have_count(2)


async def test_a_message_typed_offline_survives_a_reload(relative: Relative) -> None:
    await relative.open()
    relative.server.sockets_down = True
    await relative.server.cut()
    await relative.write("Skrevet uten nett")
    await relative.page.reload()
    await expect(relative.own).to_contain_text("Skrevet uten nett")
    assert relative.server.stored() == []
    relative.server.sockets_down = False
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    assert relative.server.stored() == ["Skrevet uten nett"]
    await expect(relative.items).to_have_count(1)


async def test_the_browsers_own_word_that_the_line_is_back_is_enough(relative: Relative) -> None:
    await relative.open()
    await relative.page.context.set_offline(True)
    await relative.server.cut()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Ikke sendt ennå")
    await relative.page.context.set_offline(False)
    await expect(relative.own).to_contain_text("Sendt", timeout=2_000)
    assert relative.server.stored() == ["Hei"]


async def test_what_is_delivered_twice_is_shown_once(relative: Relative) -> None:
    relative.server.repeat_items = 3
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await relative.server.say("Hei! Hva lurer du på?")
    await expect(relative.items).to_have_count(2)
    await asyncio.sleep(0.2)
    await expect(relative.items).to_have_count(2)


async def test_what_is_delivered_twice_counts_once_as_unread(relative: Relative) -> None:
    relative.server.repeat_items = 3
    await relative.open()
    await relative.page.get_by_role("button", name="Lukk chatten").click()
    await relative.server.say("Er du der?")
    await expect(relative.launcher).to_have_accessible_name(re.compile("Uleste"))
    await asyncio.sleep(0.2)
    await expect(relative.launcher).to_have_accessible_name("Åpne chat for pårørende. Uleste meldinger: 1")


async def test_a_message_seen_among_the_others_counts_as_sent(relative: Relative) -> None:
    relative.server.pace = 1  # so that nothing is sent again meanwhile
    relative.server.lose_acks = 1
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await expect(relative.own).to_contain_text("Sender …")
    talk = next(iter(relative.server.talks.values()))
    await relative.server.send({"type": "messages", "items": talk.items})
    await expect(relative.own).to_contain_text("Sendt", timeout=2_000)
    assert len(relative.server.got("send")) == 1
    assert "hjelpelinje:outbox" not in (await relative.storage())["session"]


async def test_what_was_said_while_the_line_was_down_is_fetched_in_order(relative: Relative) -> None:
    await relative.open()
    await relative.write("En")
    await relative.server.until_stored()
    await relative.server.say("To")
    await expect(relative.items).to_have_count(2)
    relative.server.sockets_down = True
    await relative.server.cut()
    talk = next(iter(relative.server.talks.values()))
    relative.server._store(talk, {"author": "counselor", "kind": "text", "text": "Tre", "name": "Kari"})
    await relative.write("Fire")
    relative.server.sockets_down = False
    await expect(relative.own.last).to_contain_text("Sendt", timeout=SLOW)
    texts = await relative.page.locator(".bubble").all_inner_texts()
    assert texts == ["En", "To", "Tre", "Fire"]
    assert relative.server.got("hello")[-1]["after"] == 2


async def test_a_dead_socket_that_looks_alive_is_replaced(relative: Relative) -> None:
    await relative.open()
    relative.server.lose_acks = 2
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    assert len(relative.server.got("hello")) == 2


async def test_reload_keeps_the_conversation_and_the_draft(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await relative.server.say("Hei! Hva lurer du på?")
    await expect(relative.items).to_have_count(2)
    await relative.field.press_sequentially("Jeg er midt i en set")
    await relative.page.reload()
    await expect(relative.panel).to_be_visible()
    await expect(relative.items).to_have_count(2)
    await expect(relative.field).to_have_value("Jeg er midt i en set")
    first, second = relative.server.got("hello")
    assert first["token"] == second["token"]
    assert second["after"] == 0
    assert await relative.page.evaluate("document.activeElement === document.body")


async def test_a_closed_chat_goes_on_after_reload_and_says_that_there_is_news(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    await relative.page.get_by_role("button", name="Lukk chatten").click()
    await relative.page.reload()
    await expect(relative.panel).to_be_hidden()
    for _ in range(50):
        if len(relative.server.got("hello")) == 2 and relative.server.sockets:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)
    await relative.server.say("Er du der?")
    await expect(relative.launcher).to_have_accessible_name("Åpne chat for pårørende. Uleste meldinger: 1")
    await relative.launcher.click()
    await expect(relative.items).to_have_count(2)
    await relative.page.get_by_role("button", name="Lukk chatten").click()
    await expect(relative.launcher).to_have_accessible_name("Åpne chat for pårørende")


async def test_a_refused_message_says_why_and_can_be_sent_again(relative: Relative) -> None:
    await relative.open()
    relative.server.refuse = {"code": "too_fast", "text": "Du skriver litt fort for oss. Vent et øyeblikk."}
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Ikke sendt.")
    await expect(relative.own).to_contain_text("Du skriver litt fort for oss.")
    relative.server.refuse = None
    await relative.own.get_by_role("button", name="Prøv igjen").click()
    await expect(relative.own).to_contain_text("Sendt")
    await expect(relative.own).not_to_contain_text("litt fort")
    assert relative.server.stored() == ["Hei"]


async def test_a_message_the_server_could_not_store_is_sent_again_by_itself(relative: Relative) -> None:
    await relative.open()
    relative.server.refuse = {"code": "uventet_feil", "text": "Noe gikk galt hos oss."}
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Ikke sendt ennå, prøver igjen")
    await expect(relative.panel.locator(".outage")).to_contain_text("113")  # whom to call meanwhile
    relative.server.refuse = None
    await expect(relative.own).to_contain_text("Sendt", timeout=SLOW)
    await expect(relative.panel.locator(".outage")).to_be_hidden()
    assert relative.server.stored() == ["Hei"]


async def test_a_message_over_the_servers_limit_is_not_sent(relative: Relative) -> None:
    relative.server.limit = 20
    await relative.open()
    await relative.field.fill("🙂" * 15)
    await expect(relative.panel).to_contain_text("5 tegn igjen")
    await relative.write("🙂" * 23)
    await expect(relative.panel).to_contain_text("Meldingen er 3 tegn for lang")
    await expect(relative.field).to_have_value("🙂" * 23)
    await relative.write("🙂" * 20)
    await expect(relative.own).to_contain_text("Sendt")


async def test_without_contact_the_emergency_numbers_are_shown_within_eight_seconds(
    relative: Relative,
) -> None:
    relative.server.pace = 1
    relative.server.sockets_down = True
    await relative.launcher.click()
    help_box = relative.page.get_by_role("region", name="Trenger du hjelp med en gang?")
    await expect(help_box).to_be_visible(timeout=9_500)
    for dial in ("113", "112", "116117", "116123"):
        await expect(help_box.locator(f'a[href="tel:{dial}"]')).to_be_visible()
    relative.server.sockets_down = False
    await expect(help_box).to_be_hidden(timeout=SLOW)


@pytest.mark.parametrize("silent", [False, True], ids=["refused", "silent"])
async def test_in_a_total_outage_the_emergency_numbers_are_shown(
    browser: Browser, server: FakeServer, silent: bool
) -> None:
    async def never(_: Any) -> None:
        await asyncio.sleep(0)  # neither answered nor refused

    async with visit(browser, server, server.url) as relative:
        if silent:
            await relative.page.route("**/widget/app.js*", never)
        server.down = True
        await relative.launcher.click()
        box = relative.page.get_by_role("dialog", name="Trenger du hjelp med en gang?")
        await expect(box).to_be_visible(timeout=11_000)
        await expect(box.get_by_role("link")).to_have_count(4)
        await relative.page.keyboard.press("Escape")
        await expect(box).to_be_hidden()
        await expect(relative.launcher).to_be_focused()
        server.down = False
        await relative.page.unroute_all()
        if not silent:
            await relative.launcher.click()
            await expect(relative.field).to_be_focused()
