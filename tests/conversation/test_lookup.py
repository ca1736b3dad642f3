"""A subject is looked up in the database's own full text search, with the same hits whatever the database is."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversation.lookup import look_up
from bot.conversation.service import Service
from bot.store import topic_words
from bot.store.tables import topic_words as table
from knowledge import load_knowledge
from knowledge.search import GOOD_SCORE, Row, index_for, search

QUERIES = (
    "omsorgslønn", "hvordan søker jeg om avlastning?", "faren min drikker for mye", "umyndiggjøre mor",
    "pleiepengesøknad", "hva har jeg krav på når sønnen min er syk", "eg er so sliten av å passe på mamma",
    "kan legen si noe til meg om broren min", "korleis klagar eg på vedtaket", "mann med demens og bilkjøring",
)  # fmt: skip


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def editions(service: Service) -> list[str]:
    async with service.database.read() as connection:
        return sorted(set((await connection.execute(select(table.c.edition))).scalars()))


async def test_a_topic_is_found_by_its_title_and_by_its_button(service: Service) -> None:
    for topic in service.knowledge.topics.values():
        for malform in ("nb", "nn"):
            for query in (topic.title.in_(malform), service.knowledge.intent_title(topic.id, malform)):
                assert topic.id in [hit.topic for hit in await look_up(service, query)]


async def test_both_databases_find_the_same_and_score_it_alike(service: Service) -> None:
    for query in QUERIES:
        hits, in_memory = await look_up(service, query), search(service.knowledge, query)
        scores = {hit.topic: hit.score for hit in hits}
        assert in_memory[0].topic in [hit.topic for hit in hits[:2]]
        assert scores[in_memory[0].topic] == pytest.approx(in_memory[0].score, rel=0.25)


@pytest.mark.parametrize(
    "text", ["hei hei", "takk for hjelpen!", "hvordan blir været i morgen", "ok", "asdf"]
)
async def test_small_talk_is_not_offered_a_topic(service: Service, text: str) -> None:
    assert [hit for hit in await look_up(service, text) if hit.score >= GOOD_SCORE] == []


@pytest.mark.parametrize(
    "query", ["", "?!", "xqzzw", "' | !\\", "NEAR(a b)", "\x00", "'; DROP TABLE topic_words; --"]
)
async def test_a_query_without_our_words_finds_nothing_and_breaks_nothing(
    service: Service, query: str
) -> None:
    assert await look_up(service, query) == []


async def test_a_knowledge_base_that_was_edited_is_searched_as_it_is_now(service: Service) -> None:
    await look_up(service, "demens")
    before = await editions(service)
    service.knowledge = edited = load_knowledge()
    topic = edited.written_topics["demens"]
    title = topic.title.model_copy(update={"nb": "Kvantefysikk", "nn": "Kvantefysikk"})
    edited.written_topics = {**edited.written_topics, "demens": topic.model_copy(update={"title": title})}  # type: ignore[assignment]
    assert [hit.topic for hit in await look_up(service, "kvantefysikk")] == ["demens"]
    stored = set() if service.database.is_sqlite else {*before, index_for(edited).edition}
    assert set(await editions(service)) == stored  # a service that is renewed later still has its own


async def test_many_searches_at_once_on_an_empty_table(service: Service) -> None:
    found = await asyncio.gather(*(look_up(service, query) for query in QUERIES))
    assert all(found)
    assert len(await editions(service)) == (0 if service.database.is_sqlite else 1)


@ON_POSTGRESQL
async def test_old_editions_go(service: Service) -> None:
    rows = index_for(service.knowledge).rows
    for number in range(topic_words.EDITIONS_KEPT + 2):
        async with service.database.write() as connection:
            await topic_words.fill(connection, f"edition {number}", rows, service.now())
    assert await editions(service) == [f"edition {number}" for number in (2, 3, 4)]


@ON_POSTGRESQL
async def test_words_are_stored_as_they_are(service: Service) -> None:
    word, database = "o'b\\rien-møte", service.database
    async with database.write() as connection:
        row = Row("demens", f"{word} " * 300, "hjelp", "hjelp")
        await topic_words.fill(connection, "edition", [row], service.now())
        assert [topic for topic, _ in await topic_words.ranked(connection, "edition", [word], 100)] == [
            "demens"
        ]
