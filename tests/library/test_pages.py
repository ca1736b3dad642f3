"""The pages for people: every entry can be read, linked to and printed, in both written forms, without JavaScript."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from xml.etree import ElementTree

import pytest

from bot.conversation.service import Service
from bot.library import places, structured, view
from bot.navigator_view import Words
from knowledge import Knowledge, load_knowledge
from knowledge.conditions import load_conditions
from knowledge.groups import load_groups
from tests.knowledge.changed import changed, ended
from tests.library.conftest import Client

TOPICS = sorted(load_knowledge().topics)
BASES = {"nb": "/kunnskap/", "nn": "/kunnskap/nn/"}
MALFORMER = ("nb", "nn")


async def read(client: Client, path: str) -> str:
    """Return a page as a person reads it: entities put back, white space made one."""
    response = await client.get(path)
    assert response.status == 200, path
    return " ".join(unescape(await response.text()).split())


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("name", TOPICS)
async def test_a_topic_is_there_in_full(
    client: Client, knowledge: Knowledge, name: str, malform: str
) -> None:
    topic = knowledge.topics[name]
    text = await read(client, BASES[malform] + name)
    assert f'<html lang="{malform}">' in text
    said = [topic.title, topic.recognise, topic.short, *topic.steps]
    said += [part for item in topic.misunderstandings for part in (item.claim, item.truth)]
    said += [variant.short for variant in topic.variants]
    for part in said:
        assert " ".join(part.in_(malform).split()) in text
    for paragraph in topic.details.in_(malform).split("\n\n"):
        assert " ".join(paragraph.split()) in text
    for source in topic.sources:
        assert f'href="{source.url}"' in text
    for law in topic.law:
        assert law.section in text
    for contact in topic.contacts:
        phone = knowledge.contacts[contact].phone
        assert phone is None or f'href="tel:{phone.e164 or phone.dial}"' in text
    for other in topic.related:
        assert f'href="{BASES[malform]}{other}"' in text
    assert f"{topic.reviewed.day}.{topic.reviewed.month}.{topic.reviewed.year}" in text
    assert text.count("<h1>") == 1


async def test_the_written_form_can_be_asked_for_with_a_parameter(client: Client) -> None:
    assert '<html lang="nn">' in await read(client, "/kunnskap/demens?malform=nn")
    assert '<html lang="nb">' in await read(client, "/kunnskap/demens?malform=tull")


@pytest.mark.parametrize("malform", MALFORMER)
async def test_the_index_leads_to_every_topic_by_group(
    client: Client, knowledge: Knowledge, malform: str
) -> None:
    text = await read(client, BASES[malform])
    for group in load_groups():
        assert group.title.in_(malform) in text
    for name in knowledge.topics:
        assert f'href="{BASES[malform]}{name}"' in text


async def test_addresses_without_the_last_stroke_lead_on(client: Client) -> None:
    for path, to in (("/kunnskap", "/kunnskap/"), ("/kunnskap/nn", "/kunnskap/nn/")):
        response = await client.get(path, allow_redirects=False)
        assert (response.status, response.headers["Location"]) == (301, to)


@pytest.mark.parametrize("path", ["/kunnskap/finnes_ikke", "/kunnskap/nn/x", "/kunnskap/tilbud/Ingensteds"])
async def test_what_does_not_exist_is_said_in_words(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.status == 404
    assert "<h1>Si" in await response.text()


async def test_an_overdue_topic_says_when_it_was_last_reviewed(service: Service, client: Client) -> None:
    assert "Sjekk kilden for endringer" not in await read(client, "/kunnskap/klage")
    service.knowledge = changed(
        service.knowledge, "topics", "klage", reviewed=date(2025, 2, 3), next_review=date(2025, 9, 1)
    )
    assert "Svaret ble sist gjennomgått 3.2.2025. Sjekk kilden for endringer." in await read(
        client, "/kunnskap/klage"
    )


async def test_a_rate_that_has_ended_is_not_shown_and_the_source_is(
    service: Service, client: Client, knowledge: Knowledge
) -> None:
    assert "10 dager i året" in unescape(await (await client.get("/kunnskap/omsorgspenger")).text())
    service.knowledge = ended(knowledge, "omsorgspenger", date(2026, 11, 1))
    page = unescape(await (await client.get("/kunnskap/omsorgspenger")).text())
    assert "10 dager i året" not in page
    assert "kan ha endret seg" in page


async def test_who_an_answer_is_for_is_said(client: Client) -> None:
    page = unescape(await (await client.get("/kunnskap/rett_til_informasjon")).text())
    assert "Når den syke har sagt ja til at du får vite" in page
    page = unescape(await (await client.get("/kunnskap/nn/pleiepenger_livets_slutt")).text())
    assert "Når den sjuke bur på institusjon" in page
    assert "Når du er utan jobb, er pensjonist, studerer eller går på skule" in page


async def test_search_engines_get_the_questions_and_the_answers(client: Client, knowledge: Knowledge) -> None:
    text = await (await client.get("/kunnskap/klage")).text()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "FAQPage"
    assert data["mainEntity"][0]["name"] == knowledge.topics["klage"].title.nb
    assert data["mainEntity"][0]["acceptedAnswer"]["text"].startswith(knowledge.topics["klage"].short.nb)
    assert data["url"].endswith("/kunnskap/klage")


def test_a_text_cannot_end_the_data_block(knowledge: Knowledge) -> None:
    topic = knowledge.topics["klage"]
    evil = topic.title.model_copy(update={"nb": "</script><script>alert(1)</script>&"})
    block = structured.faq(knowledge, topic.model_copy(update={"title": evil}), "nb", "https://x.no/")
    assert "<" not in block and "&" not in block
    assert json.loads(block)["mainEntity"][0]["name"] == evil.nb


async def test_there_is_no_script_to_run_and_the_policy_stands(client: Client) -> None:
    response = await client.get("/kunnskap/demens")
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert set(re.findall(r"<script[^>]*>", await response.text())) == {'<script type="application/ld+json">'}


async def test_the_sitemap_holds_every_page_in_both_forms(client: Client, knowledge: Knowledge) -> None:
    response = await client.get("/sitemap.xml")
    assert response.content_type == "application/xml"
    tree = ElementTree.fromstring(await response.text())
    found = {node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    for base in BASES.values():
        for name in (*knowledge.topics, "kontakter", "tilbud/1108"):
            assert str(client.make_url(base + name)) in found
    assert len(found) == 2 + 2 * (3 + len(knowledge.topics) + len(knowledge.kommuner))


async def test_robots_are_told_where_the_sitemap_is_and_to_leave_the_console(client: Client) -> None:
    text = await (await client.get("/robots.txt")).text()
    assert "Disallow: /console" in text
    assert f"Sitemap: {client.make_url('/sitemap.xml')}" in text


async def test_behind_a_proxy_addresses_are_the_public_ones(service: Service, client: Client) -> None:
    service.settings.public_url = "https://chat.example.no/"
    assert '<link rel="canonical" href="https://chat.example.no/kunnskap/klage">' in await read(
        client, "/kunnskap/klage"
    )
    assert "https://chat.example.no/kunnskap/nn/klage" in await (await client.get("/sitemap.xml")).text()


async def test_the_search_is_sent_in_the_body_and_finds(client: Client) -> None:
    assert '<form class="search screen" method="post"' in await read(client, "/kunnskap/")
    response = await client.post("/kunnskap/sok", data={"q": "omsorgslønn"})
    text = unescape(await response.text())
    assert response.headers["Cache-Control"] == "no-store"
    found = text[text.index('id="treff"') : text.index('id="gruppe-1"')]
    assert 'href="/kunnskap/omsorgsstonad"' in found


@pytest.mark.parametrize("query", ["xqzzw", "", "<script>alert(1)</script>"])
async def test_a_search_without_hits_says_so_and_runs_nothing(client: Client, query: str) -> None:
    text = await (await client.post("/kunnskap/sok", data={"q": query})).text()
    assert "Vi fant ingen emner" in text
    assert "<script>alert" not in text


async def test_a_reload_of_the_hits_leads_to_the_index(client: Client) -> None:
    response = await client.get("/kunnskap/nn/sok", allow_redirects=False)
    assert response.headers["Location"] == "/kunnskap/nn/"


@pytest.mark.parametrize("malform", MALFORMER)
async def test_every_contact_can_be_tapped(client: Client, knowledge: Knowledge, malform: str) -> None:
    text = await read(client, f"{BASES[malform]}kontakter")
    for contact in knowledge.contacts.values():
        assert f'id="{contact.id}"' in text
        if contact.phone:
            assert f'href="tel:{contact.phone.e164 or contact.phone.dial}"' in text
        if contact.caveat:
            assert " ".join(contact.caveat.in_(malform).split()) in text
    assert text.index('id="amk_113"') < text.index('id="kirkens_sos"')


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (datetime(2026, 11, 25, 18, 0, tzinfo=UTC), "Åpent nå"),
        (datetime(2026, 11, 25, 8, 0, tzinfo=UTC), "Stengt nå"),
    ],
)
def test_open_now_is_told_for_each_way_in_norwegian_time(
    knowledge: Knowledge, at: datetime, state: str
) -> None:
    words = Words(knowledge, "nb", {"tjeneste": "Hjelpelinja"})
    ways = view.contact_view(words, knowledge.contacts["alarmtelefonen_116111"], at).ways
    assert [way.state for way in ways if way.kind == "Telefon"] == ["Åpent nå"]
    assert [way.state for way in ways if way.kind == "SMS"] == [state]


async def test_offers_come_nearest_first_and_say_which_kind_they_are(client: Client) -> None:
    text = await read(client, "/kunnskap/tilbud/1103")
    places_of = [text.index(f">{title}<") for title in ("I kommunen", "I nærheten", "I hele landet")]
    assert places_of == sorted(places_of)
    assert "km unna" in text


@pytest.mark.parametrize("number", ["1103", "0301", "5636", "1151"])
async def test_no_municipality_gets_an_empty_page(client: Client, knowledge: Knowledge, number: str) -> None:
    text = await read(client, f"/kunnskap/nn/tilbud/{number}")
    assert knowledge.kommuner[number].name in text
    assert 'class="card"' in text


async def test_a_municipality_can_be_named(client: Client) -> None:
    for path in ("/kunnskap/tilbud/sandnes", "/kunnskap/tilbud?kommune=Sandnes"):
        response = await client.get(path)
        assert response.url.path == "/kunnskap/tilbud/1108"


async def test_two_of_the_same_name_are_both_offered(client: Client, knowledge: Knowledge) -> None:
    named = places.find(knowledge, "Herøy")
    assert len(named) == 2
    text = await read(client, "/kunnskap/tilbud/Herøy")
    for kommune in named:
        assert f"Herøy ({kommune.fylke_name})" in text


async def test_an_answer_is_counted_and_nothing_else_is_kept(service: Service, client: Client) -> None:
    for answer in ("ja", "ja", "nei"):
        response = await client.post("/kunnskap/klage/nyttig", data={"nyttig": answer}, allow_redirects=False)
        assert (response.status, response.headers["Location"]) == (303, "/kunnskap/klage?takk=1#nyttig")
    assert "Takk for svaret" in await read(client, "/kunnskap/klage?takk=1")
    assert not response.cookies
    async with service.database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM page_votes ORDER BY helpful")).all()
    assert [(row.topic, row.number) for row in rows] == [("klage", 1), ("klage", 2)]
    assert set(rows[0]._fields) == {"topic", "day", "helpful", "number"}


@pytest.mark.parametrize(
    ("path", "data", "headers", "status"),
    [
        ("/kunnskap/klage/nyttig", {"nyttig": "kanskje"}, {}, 400),
        ("/kunnskap/klage/nyttig", {}, {}, 400),
        ("/kunnskap/klage/nyttig", {"nyttig": "ja"}, {"Origin": "https://ond.example"}, 400),
        ("/kunnskap/klage/nyttig", {"nyttig": "ja"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ("/kunnskap/finnes_ikke/nyttig", {"nyttig": "ja"}, {}, 404),
    ],
)
async def test_what_is_not_our_form_is_not_counted(
    client: Client, path: str, data: dict[str, str], headers: dict[str, str], status: int
) -> None:
    assert (await client.post(path, data=data, headers=headers)).status == status


def test_every_condition_of_a_variant_can_be_said(knowledge: Knowledge) -> None:
    conditions = load_conditions()
    for topic in knowledge.topics.values():
        for variant in topic.variants:
            for malform in MALFORMER:
                said = conditions.describe(variant.when, malform)
                assert said.startswith("Når ") or variant.when.channel or variant.when.kommune
                assert "{" not in said


def test_the_texts_of_a_page_are_not_shared_between_written_forms(knowledge: Knowledge) -> None:
    words = Words(knowledge, "nb", {"tjeneste": "x"})
    nb = view.sections(words, load_groups(), "/kunnskap/")
    nn = view.sections(replace(words, malform="nn"), load_groups(), "/kunnskap/nn/")
    assert [section.title for section in nb] != [section.title for section in nn]
