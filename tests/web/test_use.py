"""What a relative sees and can do, with a mouse, a keyboard or a thumb."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from .conftest import Relative, visit
from .fake_server import FakeServer, other_site, serve

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER: dict[str, Any] = {
    "text": "Ja, du kan søke om avlastning.\n\nKommunen skal svare skriftlig.",
    "sources": [
        {"title": "Helsenorge", "url": "https://www.helsenorge.no/parorende", "reviewed": "2026-03-03"},
        {"title": "Ikke en lenke", "url": "javascript:alert(1)", "reviewed": None},
    ],
    "buttons": [
        {"title": "Hvordan søker jeg?", "payload": "/soke_tjenester"},
        {"title": "Hva koster det?", "payload": '/utdyp{"tema":"avlastning"}'},
    ],
}
CRISIS: dict[str, Any] = {
    "kind": "crisis",
    "text": "Ring 113 nå.",
    "contacts": [
        {
            "id": "amk_113",
            "name": "Ambulanse",
            "display": "113",
            "dial": "113",
            "hours": "Hele døgnet",
            "url": None,
        },
        {
            "id": "x",
            "name": "Feil",
            "display": "1;2",
            "dial": "javascript:1",
            "hours": None,
            "url": "data:text/html,x",
        },
    ],
}


async def test_one_tag_is_enough_on_another_site_with_a_strict_policy_and_hostile_styles(
    browser: Browser, server: FakeServer
) -> None:
    async with serve(other_site(server.url)) as site, visit(browser, server, site) as relative:
        await relative.open()
        await relative.write("Hei")
        await expect(relative.own).to_contain_text("Sendt")
        look = await relative.own.locator(".bubble").evaluate(
            "e => (s => [s.letterSpacing, s.textTransform, s.fontSize])(getComputedStyle(e))"
        )
        assert look == ["normal", "none", "16px"]
        assert server.got("hello")


async def test_the_first_screen_says_what_this_is_and_what_is_kept(relative: Relative) -> None:
    await relative.open()
    await expect(relative.panel).to_contain_text("Først svarer en chatrobot.")
    await expect(relative.panel).to_contain_text("Du trenger ikke si hvem du er.")
    await expect(relative.panel.locator('.intro a[href="tel:113"]')).to_be_visible()
    await relative.page.get_by_role("button", name="Jeg er helt utslitt").click()
    await expect(relative.own).to_contain_text("Jeg er helt utslitt")
    await expect(relative.page.locator(".starter").first).to_be_hidden()


async def test_script_text_stays_text(relative: Relative) -> None:
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> https://x.no <b>hei</b>'
    await relative.open()
    await relative.write(evil)
    source = {"title": evil, "url": "https://example.no/?a=1&b=<b>", "reviewed": evil}
    button = {"title": evil, "payload": "/hils"}
    await relative.server.say(evil, author="counselor", name=evil, sources=[source], buttons=[button])
    await relative.server.state("counselor", counselor=evil)
    await expect(relative.items).to_have_count(2)
    assert await relative.page.locator(".bubble p").first.inner_text() == evil
    await expect(relative.panel.locator("img, script, b")).to_have_count(0)
    await expect(relative.panel.locator(".bubble p a")).to_have_count(0)
    assert await relative.page.evaluate("window.hacked") is None


async def test_sources_are_links_to_the_web_only_with_the_date_they_were_checked(relative: Relative) -> None:
    await relative.open()
    await relative.server.say(**ANSWER)
    link = relative.panel.locator(".sources a")
    await expect(link).to_have_count(1)
    await expect(link).to_have_attribute("href", "https://www.helsenorge.no/parorende")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", re.compile("noopener"))
    await expect(relative.panel.locator(".sources")).to_contain_text("sist sjekket 3. mars 2026")
    await expect(relative.panel.locator(".sources")).to_contain_text("Ikke en lenke")


async def test_a_quick_reply_sends_its_payload_and_is_used_up(relative: Relative) -> None:
    await relative.open()
    await relative.server.say(**ANSWER)
    await relative.page.get_by_role("button", name="Hva koster det?").click()
    await expect(relative.own).to_contain_text("Hva koster det?")
    await expect(relative.own).to_contain_text("Sendt")
    sent = relative.server.got("send")[0]
    assert (sent["text"], sent["payload"]) == ("Hva koster det?", '/utdyp{"tema":"avlastning"}')
    await expect(relative.page.get_by_role("button", name="Hvordan søker jeg?")).to_be_disabled()
    await relative.server.say(**ANSWER)
    await expect(relative.page.get_by_role("button", name="Hvordan søker jeg?").last).to_be_enabled()
    await relative.write("Takk")
    await expect(relative.page.get_by_role("button", name="Hvordan søker jeg?").last).to_be_disabled()


async def test_in_a_crisis_the_numbers_stand_out_and_focus_stays(relative: Relative) -> None:
    await relative.open()
    await relative.field.press_sequentially("Jeg skr")
    await relative.server.say(**CRISIS)
    message = relative.page.locator(".item.crisis")
    await expect(message).to_contain_text("Viktig: hjelp nå")
    await expect(message.locator('a[href="tel:113"]')).to_have_accessible_name("Ring Ambulanse, 113")
    await expect(message.get_by_role("link")).to_have_count(1)
    await expect(relative.field).to_be_focused()
    await expect(relative.field).to_have_value("Jeg skr")


async def test_a_person_can_always_be_asked_for(relative: Relative) -> None:
    await relative.open()
    human = relative.page.get_by_role("button", name="Snakk med et menneske")
    await human.click()
    await expect(relative.own).to_contain_text("Sendt")
    assert relative.server.got("send")[0]["payload"] == "/snakke_med_menneske"
    await relative.server.state("waiting", place=2)
    await expect(relative.panel).to_contain_text("Du står i kø, nr. 2")
    await human.click()
    await expect(relative.panel).to_contain_text("Du står allerede i kø.")
    await relative.server.state("counselor", counselor="Kari")
    await expect(relative.panel).to_contain_text("Kari skriver med deg nå")
    await human.click()
    await expect(relative.panel).to_contain_text("Du skriver med et menneske nå.")
    assert len(relative.server.got("send")) == 1


async def test_writers_are_told_apart_by_name(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await relative.server.say("Fra roboten")
    await relative.server.say("Kari er her nå.", author="system", kind="info")
    await relative.server.say("Fra Kari", author="counselor", kind="text", name="Kari")
    await expect(relative.items).to_have_count(4)
    names = await relative.page.locator(".head .name").all_inner_texts()
    assert names == ["Du", "Chatroboten", "Beskjed", "Kari, rådgiver"]


async def test_typing_is_shown_both_ways(relative: Relative) -> None:
    await relative.open()
    await relative.server.send({"type": "typing"})
    await expect(relative.panel).to_contain_text("Chatroboten skriver …")
    await relative.server.say("Hei")
    await expect(relative.page.locator(".typing")).to_be_hidden()
    await relative.field.press_sequentially("Til roboten")
    assert relative.server.got("typing") == []
    await relative.server.state("counselor", counselor="Kari")
    await expect(relative.panel).to_contain_text("Kari skriver med deg nå")
    await relative.server.send({"type": "typing"})
    await expect(relative.panel).to_contain_text("Kari skriver …")
    await relative.field.press_sequentially(" og til Kari")
    await expect(relative.field).to_have_value("Til roboten og til Kari")
    assert 1 <= len(relative.server.got("typing")) <= 3


@pytest.mark.parametrize("closes", [True, False], ids=["closes", "hangs-up"])
async def test_ending_asks_first_and_the_chat_can_be_taken_up_again(relative: Relative, closes: bool) -> None:
    relative.server.end_closes = closes
    await relative.open()
    await relative.write("Takk for hjelpen")
    await expect(relative.own).to_contain_text("Sendt")
    await relative.page.get_by_role("button", name="Meny").click()
    await relative.page.get_by_role("button", name="Avslutt samtalen").click()
    await relative.page.get_by_role("button", name="Ja, avslutt").click()
    await expect(relative.panel.locator(".state")).to_have_text("Samtalen er avsluttet")
    await relative.page.wait_for_timeout(700)  # long enough to have connected anew
    await expect(relative.panel.locator(".state")).to_have_text("Samtalen er avsluttet")
    assert len(relative.server.got("end")) == 1
    if not closes:
        await relative.server.say("Bare ett ord til.", author="counselor", kind="text", name="Kari")
        await expect(relative.panel.locator(".state")).to_have_text("Du skriver med chatroboten")
        return
    await relative.page.get_by_role("button", name="Start en ny samtale").click()
    await expect(relative.items).to_have_count(0)
    await relative.write("Et nytt spørsmål")
    await expect(relative.own).to_contain_text("Sendt")
    assert len(relative.server.talks) == 2


async def test_the_conversation_can_be_downloaded_as_text(relative: Relative, tmp_path: Path) -> None:
    await relative.open()
    await relative.write("Hei på deg")
    await relative.server.until_stored()
    await relative.server.say(**ANSWER)
    await relative.server.say(**CRISIS)
    await expect(relative.items).to_have_count(3)
    await relative.page.get_by_role("button", name="Meny").click()
    async with relative.page.expect_download() as waiting:
        await relative.page.get_by_role("button", name="Last ned samtalen").click()
    download = await waiting.value
    assert download.suggested_filename == "samtale.txt"
    await download.save_as(tmp_path / "samtale.txt")
    text = (tmp_path / "samtale.txt").read_text()
    for part in (
        "Hei på deg",
        "Chatroboten",
        ANSWER["text"],
        "https://www.helsenorge.no/parorende",
        "Ambulanse, 113",
    ):
        assert part in text


async def test_the_widgets_own_words_can_be_had_in_nynorsk(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    await relative.page.get_by_role("button", name="Meny").click()
    await relative.page.get_by_role("button", name="Nynorsk").click()
    await expect(relative.page.get_by_role("button", name="Nynorsk")).to_be_focused()
    await expect(relative.panel).to_contain_text("Du skriv med chatroboten")
    await expect(relative.page.get_by_role("button", name="Forlat sida raskt")).to_be_visible()
    await expect(relative.items).to_have_count(1)
    await relative.page.reload()
    await expect(relative.page.get_by_role("button", name="Snakk med eit menneske")).to_be_visible()


async def test_a_page_in_nynorsk_gets_the_chat_in_nynorsk(browser: Browser, server: FakeServer) -> None:
    async with serve(other_site(server.url, language="nn")) as site, visit(browser, server, site) as relative:
        await expect(relative.launcher).to_have_accessible_name("Opne chat for pårørande")
        await relative.launcher.click()
        await expect(relative.panel).to_contain_text("Kva kan vi hjelpe deg med?")


async def test_everything_can_be_done_with_the_keyboard_alone(relative: Relative) -> None:
    page, keys = relative.page, relative.page.keyboard
    await relative.launcher.focus()
    await keys.press("Enter")
    await expect(relative.field).to_be_focused()
    await keys.type("Linje en")
    await keys.press("Shift+Enter")
    await keys.type("linje to")
    await keys.press("Enter")
    await expect(relative.own).to_contain_text("Sendt")
    assert relative.server.stored() == ["Linje en\nlinje to"]
    await relative.server.say(**ANSWER)
    await expect(relative.items).to_have_count(2)
    await keys.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Hva koster det?")).to_be_focused()
    await keys.press("Enter")
    await expect(relative.field).to_be_focused()
    await expect(relative.own).to_have_count(2)
    await page.get_by_role("button", name="Meny").focus()
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Last ned samtalen")).to_be_focused()
    await keys.press("Escape")
    await expect(page.get_by_role("button", name="Meny")).to_be_focused()
    await expect(page.get_by_role("button", name="Last ned samtalen")).to_be_hidden()
    await page.wait_for_timeout(700)  # three presses in a row would leave the page
    await keys.press("Escape")
    await expect(relative.panel).to_be_hidden()
    await expect(relative.launcher).to_be_focused()


async def test_any_element_of_the_page_can_open_the_chat_and_gets_the_focus_back(relative: Relative) -> None:
    opener = relative.page.get_by_role("button", name="Start chatten")
    await opener.click()
    await expect(relative.field).to_be_focused()
    await relative.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def test_reading_back_is_not_interrupted_by_what_is_new(relative: Relative) -> None:
    await relative.open()
    for number in range(12):
        await relative.server.say(f"Svar {number}. " + "Litt tekst. " * 20)
    await expect(relative.items).to_have_count(12)
    log = relative.page.get_by_role("log")
    await log.evaluate("e => { e.scrollTop = 0; }")
    await relative.page.wait_for_timeout(100)
    await relative.server.say("Det siste")
    await expect(relative.page.get_by_role("button", name="Nye meldinger")).to_be_visible()
    assert await log.evaluate("e => e.scrollTop") == 0
    await relative.page.get_by_role("button", name="Nye meldinger").click()
    await expect(relative.page.get_by_text("Det siste")).to_be_in_viewport()


async def test_a_long_answer_is_shown_from_its_beginning(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await relative.server.say("Begynnelsen.\n\n" + "Mye tekst. " * 300)
    await expect(relative.items).to_have_count(2)
    await expect(relative.page.get_by_text("Begynnelsen.")).to_be_in_viewport()
