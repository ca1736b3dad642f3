"""The rights navigator's page: works without JavaScript, keeps nothing, prints, and comes as an accessible PDF."""

import io
import logging
import re
from html import unescape
from typing import Any

import pytest
from aiohttp import web
from pypdf import PdfReader

from bot import navigator_page, navigator_pdf
from bot.conversation.service import Service
from knowledge.navigator_loader import load_navigator
from tests.navigator.conftest import Client

NAVIGATOR = load_navigator()
CHILD = {
    "hvem": "barn", "alder": "0_11", "tilstand": "funksjon", "omsorg": "dogn", "bor": "sammen", "arbeid": "ansatt",
    "kommune": "1108", "haster": "tilsyn",
}  # fmt: skip


async def listed(client: Client, answers: dict[str, str], **more: str) -> str:
    """Return the page with the list."""
    response = await client.post("/rettigheter", data={**answers, **more})
    assert response.status == 200
    return unescape(await response.text())


@pytest.mark.parametrize(("malform", "lang"), [("", "nb"), ("nb", "nb"), ("nn", "nn"), ("tull", "nb")])
async def test_the_form_asks_every_question_with_a_way_not_to_answer(
    client: Client, malform: str, lang: str
) -> None:
    response = await client.get("/rettigheter", params={"m": malform} if malform else {})
    text = unescape(await response.text())
    assert response.status == 200
    assert f'<html lang="{lang}">' in text
    for question in NAVIGATOR.questions:
        assert question.text.in_(lang) in text
        assert f'name="{question.id}"' in text
    assert text.count("<fieldset>") == text.count('value="" checked') == len(NAVIGATOR.questions) - 1


async def test_the_form_is_sent_in_the_body_never_in_the_address(client: Client) -> None:
    text = await (await client.get("/rettigheter")).text()
    forms = re.findall(r"<form[^>]*>", text) + re.findall(r"<form[^>]*>", await listed(client, CHILD))
    assert len(forms) == 2
    assert all('method="post"' in form for form in forms)


async def test_answers_in_the_address_are_not_read(client: Client) -> None:
    text = await (await client.get("/rettigheter", params=CHILD)).text()
    assert 'value="barn" checked' not in text


@pytest.mark.parametrize("malform", ["nb", "nn"])
async def test_the_list_holds_what_the_rules_say_with_reason_law_and_source(
    client: Client, malform: str
) -> None:
    text = await listed(client, CHILD, m=malform)
    found = NAVIGATOR.entitlements(CHILD)
    assert text.count("<article") == len(found)
    assert text.count("Kan gjelde deg fordi") == len(found)
    for item in found:
        assert item.rule.title.in_(malform) in text
        assert item.rule.law[0].section in text
        assert item.rule.sources[0].url in text
    assert "Sandnes kommune" in text
    assert "{" not in re.sub(r"<script.*?</script>", "", text)


async def test_no_answer_at_all_gives_what_is_for_everybody(client: Client) -> None:
    text = await listed(client, {})
    assert "Du har ikke svart på noe ennå" in text
    assert text.count("<article") == len(NAVIGATOR.entitlements({}))


async def test_what_is_not_an_answer_of_ours_is_ignored_and_never_shown(client: Client) -> None:
    text = await listed(
        client, {"hvem": "<script>alert(1)</script>", "kommune": "9999", "x": "y", "alder": "999"}
    )
    assert "alert(1)" not in text
    assert "9999" not in text


async def test_the_answers_can_be_changed(client: Client) -> None:
    text = await listed(client, CHILD, endre="1")
    assert 'value="barn" checked' in text
    assert '<option value="1108" selected>' in text
    assert "<article" not in text


async def test_the_list_is_kept_by_no_cache_and_framed_by_nobody(client: Client) -> None:
    for path in ("/rettigheter", "/rettigheter/pdf"):
        response = await client.post(path, data=CHILD)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_no_answer_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await listed(client, CHILD)
    await client.post("/rettigheter/pdf", data=CHILD)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert not any(word in logged for word in ("funksjon", "dogn", "1108", "Nedsatt"))


async def test_there_is_one_heading_and_every_section_is_under_one(client: Client) -> None:
    for text in (await (await client.get("/rettigheter")).text(), await listed(client, CHILD)):
        assert text.count("<h1>") == 1
        assert 'href="#innhold"' in text
        assert '<main id="innhold"' in text


async def test_the_styles_and_the_script_are_served_and_print_hides_the_buttons(client: Client) -> None:
    css = await (await client.get("/navigator/navigator.css")).text()
    assert "@media print" in css
    assert (await client.get("/navigator/navigator.js")).status == 200


@pytest.mark.parametrize("malform", ["nb", "nn"])
async def test_the_pdf_is_tagged_and_holds_the_titles(client: Client, malform: str) -> None:
    response = await client.post("/rettigheter/pdf", data={**CHILD, "m": malform})
    assert response.status == 200
    assert response.content_type == "application/pdf"
    assert "attachment" in response.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(await response.read()))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == malform
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata and reader.metadata.title
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for item in NAVIGATOR.entitlements(CHILD):
        assert " ".join(item.rule.title.in_(malform).split()) in words


async def test_making_a_pdf_fetches_nothing() -> None:
    made = navigator_pdf.make_pdf(
        '<html lang="nb"><title>x</title><img alt="" src="http://127.0.0.1:9/x.png"><p>tekst</p></html>'
    )
    assert made.startswith(b"%PDF")


async def test_without_the_library_the_page_works_and_offers_no_pdf(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigator_pdf, "library", lambda: None)
    assert "Last ned som PDF" not in await listed(client, CHILD)
    assert (await client.post("/rettigheter/pdf", data=CHILD)).status == 501


async def test_a_pdf_waits_for_nobody_when_too_many_are_made(client: Client, service: Service) -> None:
    assert client.app is not None
    turns = client.app[navigator_page._TURNS]
    for _ in range(navigator_page.PDF_AT_ONCE):
        await turns.acquire()
    response = await client.post("/rettigheter/pdf", data=CHILD)
    assert response.status == web.HTTPServiceUnavailable.status_code


async def test_topics_are_linked_where_they_have_pages(service: Service) -> None:
    app = web.Application()
    assert navigator_page._topic_base(app) == ""
    app.router.add_get("/kunnskap/{topic}", navigator_page.show_form)
    assert navigator_page._topic_base(app) == "/kunnskap/"
