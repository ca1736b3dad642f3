"""The search finds a topic by its title, by old and new words, in both written forms, and by parts of compounds."""

from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError, load_knowledge
from knowledge.search import GOOD_SCORE, check_synonyms, load_lexicon, search

TOPICS = sorted(load_knowledge().topics)
MALFORMER = ("nb", "nn")


def found(knowledge: Knowledge, query: str, limit: int = 3) -> list[str]:
    """Return the topics found."""
    return [hit.topic for hit in search(knowledge, query, limit)]


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_found_by_its_title_and_by_its_button(
    knowledge: Knowledge, topic: str, malform: str
) -> None:
    assert topic in found(knowledge, knowledge.topics[topic].title.in_(malform))
    assert topic in found(knowledge, knowledge.intent_title(topic, malform))


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("omsorgslønn", "omsorgsstonad"),
        ("samtykkekompetanse", "samtykkekompetanse"),
        ("beslutningskompetanse", "samtykkekompetanse"),
        ("fylkesmannen", "klage"),
        ("hjelpeverge", "fullmakt_vergemal"),
        ("umyndiggjøre mor", "fullmakt_vergemal"),
        ("likemann", "likeperson_gruppe"),
        ("hjemmehjelp", "soke_tjenester"),
        ("sykt barn-dager", "omsorgspenger"),
        ("tvangsinnleggelse", "tvang"),
        ("psykisk utviklingshemmet", "funksjonsnedsettelse"),
        ("alzheimer", "demens"),
        ("deprimert samboer", "psykisk_sykdom"),
        ("faren min drikker", "rus"),
        ("pleiepengesøknad", "pleiepenger_barn"),
        ("kreftsykdommen", "kreft"),
        ("sorggruppe", "sorg"),
        ("teieplikt", "taushetsplikt"),
        ("trygghetsalarm", "velferdsteknologi"),
        ("TOLK", "tolk_sprak"),
    ],
)
def test_what_people_write_leads_to_the_words_we_use(knowledge: Knowledge, query: str, topic: str) -> None:
    assert topic in found(knowledge, query)


@pytest.mark.parametrize(
    ("one", "other"),
    [("mødre", "mor"), ("døtrene mine", "dotter"), ("brør", "bror"), ("drakk", "drikker"), ("sjuk", "syk"),
     ("eldre", "gammel"), ("døy", "dø"), ("borna", "barn"), ("sjukeheimen", "sykehjem"), ("søv ikkje", "sover ikke")],
)  # fmt: skip
def test_forms_of_a_word_find_the_same(knowledge: Knowledge, one: str, other: str) -> None:
    assert found(knowledge, one) == found(knowledge, other) != []


def test_a_word_of_many_topics_leads_to_the_one_named_for_it(knowledge: Knowledge) -> None:
    assert found(knowledge, "Hvordan søker jeg om avlastning?")[0] == "avlastning"
    assert found(knowledge, "Koster avlastning noe?")[0] == "avlastning"


def test_a_form_of_two_words_is_found(knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "lemma.yaml"
    file.write_text("mor: [moren, mamma]\nfar: [moren]\nmamma: [mams]", encoding="utf-8")
    problems = list(check_synonyms(knowledge, load_lexicon(lemma_file=file)))
    assert [entry for entry, said in problems if said == "står under flere grunnformer"] == ["mamma", "moren"]


def test_a_broken_lemma_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "lemma.yaml"
    file.write_text("mor: moren", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"lemma\.yaml"):
        load_lexicon(lemma_file=file)


@pytest.mark.parametrize(
    "query", ["", "   ", "og eller men", "?!", "xqzzw", '"', "NEAR(a b)", "title:*", "a" * 9]
)
def test_a_query_without_our_words_finds_nothing_and_breaks_nothing(knowledge: Knowledge, query: str) -> None:
    assert found(knowledge, query) == []


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_hits_are_few_best_first_and_carry_the_title(knowledge: Knowledge, limit: int) -> None:
    hits = search(knowledge, "hjelp fra kommunen til avlastning", limit)
    assert 1 <= len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.title == knowledge.topics[hit.topic].title for hit in hits)


@pytest.mark.parametrize(
    "text", ["hei hei", "takk for hjelpen!", "hvordan blir været i morgen", "ok", "asdf"]
)
def test_small_talk_is_not_offered_a_topic(knowledge: Knowledge, text: str) -> None:
    assert [hit for hit in search(knowledge, text) if hit.score >= GOOD_SCORE] == []


def test_nothing_is_wrong_with_the_synonyms(knowledge: Knowledge) -> None:
    assert list(check_synonyms(knowledge)) == []


def test_a_synonym_that_leads_nowhere_and_an_unknown_topic_are_found(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    file = tmp_path / "synonymer.yaml"
    file.write_text("ord: [{fra: [noe], til: [qqqqq]}]\nemneord: {finnes_ikke: [ord]}\nstopp: []")
    lexicon = load_lexicon(file)
    assert {entry for entry, _ in check_synonyms(knowledge, lexicon)} == {"noe", "finnes_ikke"}


@pytest.mark.parametrize("text", ["ord: 1", "[", "stopp: [no]\nord: []\nemneord: {}"])
def test_a_broken_lexicon_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "synonymer.yaml"
    file.write_text(text)
    with pytest.raises(KnowledgeError, match=r"synonymer\.yaml"):
        load_lexicon(file)
