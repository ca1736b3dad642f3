"""The main job, in two real browsers: from the first question to the closed conversation."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PASSWORD, Live

TIMEOUT = 15_000


@pytest.fixture
async def relative(browser: Browser, live: Live) -> Page:
    page = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
    page.set_default_timeout(TIMEOUT)
    await page.goto(live.url)
    await page.get_by_role("button", name="Åpne chat for pårørende").click()
    return page


@pytest.fixture
async def counselor(browser: Browser, live: Live) -> Page:
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(TIMEOUT)
    await page.goto(f"{live.url}/console")
    await page.get_by_label("Brukernavn").fill("kari")
    await page.get_by_label("Passord").fill(PASSWORD)
    await page.get_by_role("button", name="Logg inn").click()
    await expect(page.locator("#me")).to_have_text("Kari")
    await page.get_by_label("På vakt").check()
    return page


async def write(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    await page.keyboard.press("Enter")


async def sees(page: Page, text: str | re.Pattern[str]) -> None:
    await expect(page.get_by_role("log").get_by_text(text).last).to_be_visible(timeout=TIMEOUT)


async def test_from_first_question_to_closed_conversation(relative: Page, counselor: Page) -> None:
    await write(relative, "Hvordan kan jeg få avlastning for mamma?")
    await sees(relative, re.compile("Avlastning er en pause for deg"))
    source = relative.get_by_role("link", name=re.compile("Helsenorge")).first
    await expect(source).to_have_attribute("href", re.compile("^https://www.helsenorge.no/"))
    await write(relative, "Jeg vil snakke med et menneske")
    await sees(relative, re.compile("venter du på en rådgiver"))

    await counselor.get_by_role("button", name=re.compile("Venter")).first.click()
    await expect(counselor.get_by_role("log")).to_contain_text("Avlastning er en pause")
    await expect(counselor.locator("#summary")).to_contain_text("Avlastning")
    await counselor.get_by_role("button", name="Ta samtalen").click()
    await sees(relative, "Kari er rådgiver og er her med deg nå.")

    await counselor.get_by_label("Skriv til den pårørende").fill("Hei, hva trenger du mest?")
    await counselor.keyboard.press("Enter")
    await sees(relative, "Hei, hva trenger du mest?")
    await write(relative, "Noen som kan være hos henne")
    await sees(counselor, "Noen som kan være hos henne")

    await relative.reload()
    await sees(relative, "Hei, hva trenger du mest?")

    await counselor.get_by_role("button", name="Avslutt", exact=True).click()
    await counselor.get_by_role("button", name="Ja", exact=True).click()
    await sees(relative, re.compile("Samtalen er avsluttet"))


async def test_danger_is_answered_at_once_and_alarms_the_counselor(relative: Page, counselor: Page) -> None:
    await write(relative, "pappa puster ikke")
    number = relative.get_by_role("link", name=re.compile("113")).first
    await expect(number).to_have_attribute("href", "tel:113")
    await expect(counselor.locator("#queue button").first).to_contain_text("Fare for liv nå")
    assert (await counselor.title()).startswith("(!)")
    await counselor.locator("#queue button").first.click()
    await counselor.get_by_role("button", name="Ta samtalen").click()
    await expect(counselor.get_by_role("button", name="Demp varselet")).to_be_hidden()
    await counselor.get_by_role("button", name="Avslutt", exact=True).click()
    await expect(counselor.locator("#confirm-text")).to_contain_text("merket med fare")
    await counselor.get_by_role("button", name="Ja, avslutt").click()
    await sees(relative, re.compile("Samtalen er avsluttet"))


async def test_what_people_write_is_never_markup(relative: Page, counselor: Page) -> None:
    attack = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    await write(relative, f"snakke med et menneske {attack}")
    await write(relative, "jeg vil snakke med et menneske")
    await counselor.locator("#queue button").first.click()
    await sees(counselor, re.compile("<img src=x"))
    assert await counselor.title() not in ("1", "2")
    assert await relative.title() not in ("1", "2")
    await counselor.get_by_role("button", name="Ta samtalen").click()
    await counselor.get_by_role("button", name="Avslutt", exact=True).click()
    await counselor.get_by_role("button", name="Ja", exact=True).click()
    await sees(relative, re.compile("Samtalen er avsluttet"))


async def test_draft_never_crosses_to_another_conversation(
    relative: Page, counselor: Page, browser: Browser, live: Live
) -> None:
    other = await (await browser.new_context()).new_page()
    await other.goto(live.url)
    await other.get_by_role("button", name="Åpne chat for pårørende").click()
    for page in (relative, other):
        await write(page, "jeg vil snakke med et menneske")
        await sees(page, re.compile("venter du på en rådgiver|rådgiver"))
    rows = counselor.get_by_role("button", name=re.compile("Venter"))
    await expect(rows).to_have_count(2, timeout=TIMEOUT)
    for _ in range(2):
        await counselor.get_by_role("button", name=re.compile("Venter")).first.click()
        await counselor.get_by_role("button", name="Ta samtalen").click()
        await expect(counselor.get_by_role("button", name="Avslutt", exact=True)).to_be_visible()
    draft = counselor.get_by_label("Skriv til den pårørende")
    mine = counselor.get_by_role("button", name=re.compile("min samtale"))
    await mine.nth(0).click()
    await draft.fill("bare til den første")
    await mine.nth(1).click()
    await expect(draft).to_have_value("")
    await mine.nth(0).click()
    await expect(draft).to_have_value("bare til den første")
