"""What a relative gets to read about a topic."""

from datetime import date

import pytest

from actions import knowledge_base
from knowledge import Knowledge, Situation, load_knowledge, sms_segments
from tests.actions.conftest import OWN, Json, Run, entity
from tests.knowledge.changed import without

TOPICS = sorted(load_knowledge().topics)
ANSWERED = [topic for topic in TOPICS if topic != "lokale_tilbud"]
MALFORMER = ("nb", "nn")


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("topic", ANSWERED)
async def test_every_topic_is_answered_with_its_sources_and_law(
    run: Run, knowledge: Knowledge, topic: str, malform: str
) -> None:
    said = await run("action_svar", topic, malform=malform)
    answer = said.replies[0]
    entry = knowledge.topics[topic]
    assert answer["kind"] == "answer"
    assert answer["entries"][0] == topic
    assert entry.answer_for(Situation()).short.in_(malform) in answer["text"]
    assert [source["url"] for source in answer["sources"]] == [source.url for source in entry.sources]
    assert all(date.fromisoformat(source["reviewed"]) for source in answer["sources"])
    assert all(law.section in answer["text"] for law in entry.law)
    assert said.slots["tema"] == topic


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("topic", ANSWERED)
async def test_every_topic_fits_a_text_message_and_says_where_it_comes_from(
    run: Run, topic: str, malform: str
) -> None:
    said = await run("action_svar", topic, kanal="sms", malform=malform)
    answer = said.reply
    segments = sms_segments(answer["text"])
    assert segments is not None, "the text message has characters that a phone may not show"
    assert segments <= 3
    assert len(answer["sources"]) == 1
    assert answer["buttons"], "there is a way on"
    for number, button in enumerate(answer["buttons"], start=1):
        assert f"\n{number} {button['title']}" in answer["text"]


@pytest.mark.parametrize("topic", ANSWERED)
async def test_details_come_page_by_page_and_end_with_a_person(run: Run, topic: str) -> None:
    for channel in ("widget", "sms"):
        texts, depth = [], 0
        for _ in range(20):
            said = await run("action_utdyp", "utdyp", kanal=channel, tema=topic, dybde=depth)
            texts.append(said.reply["text"])
            if channel == "sms":
                assert (sms_segments(said.reply["text"]) or 9) <= 3
            if said.reply["entries"] == ["ikke_mer"]:
                break
            depth = said.slots["dybde"]
        assert said.reply["entries"] == ["ikke_mer"]
        assert "/snakke_med_menneske" in said.payloads
        assert len(set(texts)) == len(texts)


async def test_the_answer_follows_what_the_relative_has_told(run: Run) -> None:
    general = await run("action_svar", "taushetsplikt")
    dementia = await run("action_svar", "taushetsplikt", [entity("tilstand", "demens")])
    child = await run("action_svar", "taushetsplikt", [entity("alder", "8", "pasient")])
    assert len({said.replies[0]["text"] for said in (general, dementia, child)}) == 3


async def test_a_question_is_asked_only_when_the_answer_depends_on_it(run: Run) -> None:
    unknown = await run("action_svar", "taushetsplikt")
    assert unknown.replies[-1]["kind"] == "question"
    assert unknown.slots["venter"] == "svar_pasient_alder"
    assert "/avkreft" in unknown.payloads
    mother = await run("action_svar", "taushetsplikt", [entity("relasjon", "mor")])
    told = await run("action_svar", "taushetsplikt", pasient_alder=14.0)
    for said in (mother, told):
        assert said.reply["kind"] == "answer"
        assert said.slots["venter"] is None


async def test_a_lone_age_answers_the_question_that_was_asked(run: Run) -> None:
    first = await run("action_svar", "taushetsplikt")
    said = await run(
        "action_opplysning",
        "oppgi_opplysning",
        [entity("alder", "14")],
        venter="svar_pasient_alder",
        tema="taushetsplikt",
        sagt=first.slots["sagt"],
    )
    assert said.slots["pasient_alder"] == 14.0
    assert said.slots["skriver_alder"] is None
    assert said.replies[0]["entries"][0] == "taushetsplikt"
    asked_for_own = await run(
        "action_opplysning", "oppgi_opplysning", [entity("alder", "15")], venter="svar_skriver_alder"
    )
    assert asked_for_own.slots["skriver_alder"] == 15.0


async def test_the_same_question_again_gets_other_words_and_a_way_on(run: Run) -> None:
    first = await run("action_svar", "klage")
    again = await run("action_svar", "klage", tema="klage", sagt=first.slots["sagt"])
    assert len(again.text) < len(first.text)
    assert again.text != first.text
    assert {"/utdyp", "/snakke_med_menneske"} <= set(again.payloads)


async def test_what_is_near_comes_with_an_answer_where_the_kommune_matters(run: Run) -> None:
    said = await run("action_svar", "avlastning", [entity("kommune", "4601")])
    assert [reply["kind"] for reply in said.replies] == ["answer", "offers"]


async def test_a_topic_nobody_has_written_offers_a_person(run: Run, knowledge: Knowledge) -> None:
    knowledge_base.use(without(knowledge, "topics", "klage"), lambda malform: OWN)
    said = await run("action_svar", "klage")
    assert said.reply["entries"] == ["mangler_svar"]
    assert "/snakke_med_menneske" in said.payloads


async def test_a_new_knowledge_base_is_answered_from_at_once(run: Run, knowledge: Knowledge) -> None:
    knowledge_base.use(without(knowledge, "topics", "klage"))
    assert (await run("action_svar", "klage")).reply["entries"] == ["mangler_svar"]


async def test_facts_about_another_patient_are_forgotten(run: Run) -> None:
    before: Json = {"relasjon": "mor", "tilstand": "demens", "pasient_alder": 82.0, "kommune": "4601"}
    son = await run("action_svar", "klage", [entity("relasjon", "sonn")], **before)
    assert (son.slots["relasjon"], son.slots["tilstand"], son.slots["pasient_alder"]) == ("sonn", None, None)
    assert son.slots["kommune"] == "4601"
    same = await run("action_svar", "klage", [entity("relasjon", "forelder")], **before)
    assert same.slots["tilstand"] == "demens"


async def test_values_no_one_knows_are_not_taken_as_facts(run: Run) -> None:
    said = await run(
        "action_svar",
        "klage",
        [
            entity("relasjon", "tannlege"),
            entity("tilstand", "demens"),
            entity("tilstand", "kreft"),
            entity("kommune", "9999"),
            entity("alder", "tusen", "pasient"),
        ],
    )
    facts = {name: said.slots[name] for name in ("relasjon", "tilstand", "kommune", "pasient_alder")}
    assert facts == {"relasjon": None, "tilstand": "demens", "kommune": None, "pasient_alder": None}
