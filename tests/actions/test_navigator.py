"""The rights navigator, step by step: questions, answers in words, back, the list, and by text message."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from actions import knowledge_base
from knowledge import Knowledge, sms_segments
from knowledge.navigator import MOST_QUESTIONS
from knowledge.navigator_loader import load_navigator
from tests.actions.conftest import OWN, Json, Run, Said, entity

NAVIGATOR = load_navigator()
QUESTIONS = [question.id for question in NAVIGATOR.questions]
CHILD = ["hvem:barn", "alder:0_11", "tilstand:varig", "omsorg:dogn", "bor:sammen", "arbeid:ansatt"]


async def step(run: Run, answer: str | None, **before: Any) -> Said:
    """Press a button of the navigator."""
    said: Said = await run("action_naviger", "naviger", [entity("svar", answer)] if answer else [], **before)
    return said


def answers_of(reply: Json) -> list[str]:
    """Return what the buttons of the navigator answer."""
    payloads = [button["payload"] for button in reply["buttons"] if button["payload"].startswith("/naviger{")]
    return [json.loads(payload.removeprefix("/naviger"))["svar"] for payload in payloads]


async def test_the_first_question_says_how_many_there_are_and_can_be_skipped(run: Run) -> None:
    said = await step(run, "start")
    assert said.reply["kind"] == "question"
    assert f"Spørsmål 1 av {len(QUESTIONS)}" in said.text
    assert len(QUESTIONS) <= MOST_QUESTIONS
    assert answers_of(said.reply)[-1] == "hvem:?"
    assert said.slots["venter"] == "naviger_hvem"
    assert said.slots["navigator"] == []


async def test_an_answer_leads_to_the_next_question(run: Run) -> None:
    said = await step(run, "hvem:barn", navigator=[], venter="naviger_hvem")
    assert said.slots["navigator"] == ["hvem:barn"]
    assert said.slots["venter"] == "naviger_alder"
    assert "tilbake" in answers_of(said.reply)


async def test_skipping_everything_still_gives_a_list(run: Run) -> None:
    slots: Json = {"navigator": [], "venter": "naviger_hvem"}
    for name in QUESTIONS:
        assert slots["venter"] == f"naviger_{name}"
        said = await step(run, f"{name}:?", **slots)
        slots = {name: said.slots[name] for name in ("navigator", "venter")}
    assert said.reply["kind"] == "answer"
    assert slots["venter"] is None
    assert "okonomi_radgivning" in said.reply["entries"]


async def test_what_was_told_is_not_asked_again(run: Run) -> None:
    said = await step(run, "start", relasjon="mor", tilstand="demens", pasient_alder=80.0, kommune="1108")
    assert said.slots["venter"] == "naviger_omsorg"
    assert "Mor eller far" in said.text
    assert "Sandnes" in said.text
    said = await step(
        run,
        "arbeid:ansatt",
        navigator=["omsorg:mye", "bor:sammen"],
        venter="naviger_arbeid",
        relasjon="mor",
        tilstand="demens",
        pasient_alder=80.0,
        kommune="1108",
    )
    assert said.slots["venter"] == "naviger_haster"


async def test_a_writer_under_18_is_not_asked_about_work(run: Run) -> None:
    before = ["hvem:forelder", "alder:?", "tilstand:alvorlig", "omsorg:?"]
    said = await step(run, "bor:sammen", navigator=before, venter="naviger_bor", skriver_alder=14.0)
    assert said.slots["venter"] == "naviger_kommune"


async def test_back_asks_the_question_before_and_forgets_its_answer(run: Run) -> None:
    said = await step(run, "tilbake", navigator=["hvem:barn", "alder:0_11"], venter="naviger_tilstand")
    assert said.slots["venter"] == "naviger_alder"
    assert said.slots["navigator"] == ["hvem:barn"]
    first = await step(run, "tilbake", navigator=[], venter="naviger_hvem")
    assert first.slots["venter"] == "naviger_hvem"


async def test_back_reaches_what_the_conversation_told_and_the_new_answer_counts(run: Run) -> None:
    back = await step(run, "tilbake", navigator=[], venter="naviger_alder", relasjon="mor")
    assert back.slots["venter"] == "naviger_hvem"
    said = await step(run, "hvem:partner", navigator=[], venter="naviger_hvem", relasjon="mor")
    assert said.slots["navigator"] == ["hvem:partner"]
    assert said.slots["venter"] == "naviger_alder"


async def test_back_from_the_list_asks_the_last_question(run: Run) -> None:
    done = [f"{name}:?" for name in QUESTIONS]
    assert (await step(run, "tilbake", navigator=done)).slots["venter"] == f"naviger_{QUESTIONS[-1]}"


async def test_it_is_taken_up_again_where_it_was_left(run: Run) -> None:
    said = await step(run, None, navigator=["hvem:barn", "alder:0_11"])
    assert said.slots["venter"] == "naviger_tilstand"
    assert said.text.startswith("Vi fortsetter")


async def test_starting_anew_forgets_the_answers(run: Run) -> None:
    said = await step(run, "start", navigator=CHILD, venter="naviger_kommune")
    assert said.slots["navigator"] == []
    assert said.slots["venter"] == "naviger_hvem"


@pytest.mark.parametrize("answer", ["hvem:tull", "tull:barn", "tull", "alder:", "kommune:abc"])
async def test_an_answer_that_is_not_ours_asks_again(run: Run, answer: str) -> None:
    said = await step(run, answer, navigator=["hvem:barn"], venter="naviger_alder")
    assert said.slots["venter"] == "naviger_alder"
    assert said.slots["navigator"] == ["hvem:barn"]


async def test_the_list_may_be_asked_for_before_the_end(run: Run) -> None:
    asked = await step(run, "tilstand:varig", navigator=CHILD[:2], venter="naviger_tilstand")
    assert "svar" in answers_of(asked.reply)
    said = await step(run, "svar", navigator=CHILD[:3], venter="naviger_omsorg")
    assert said.reply["kind"] == "answer"
    assert said.slots["venter"] is None


@pytest.mark.parametrize("malform", ["nb", "nn"])
async def test_the_list_says_why_what_is_unknown_and_where_to_apply(run: Run, malform: str) -> None:
    answers = [*CHILD, "kommune:1108"]
    said = await step(run, "haster:tilsyn", navigator=answers, venter="naviger_haster", malform=malform)
    assert said.reply["kind"] == "answer"
    assert said.text.count("Kan gjelde deg fordi") == 5
    assert ("Vi vet ikke om" if malform == "nb" else "Vi veit ikkje om") in said.text
    assert "Sandnes kommune" in said.text
    assert said.reply["entries"][:2] == ["naviger", "pleiepenger_barn"]
    assert said.reply["sources"]
    assert "{" not in said.text


async def test_the_whole_list_is_a_link_whose_answers_never_leave_the_browser(
    run: Run, knowledge: Knowledge
) -> None:
    knowledge_base.use(knowledge, lambda malform: {**OWN, "nettsted": "https://chat.example.no/"})
    said = await step(run, "haster:nei", navigator=[*CHILD, "kommune:?"], venter="naviger_haster")
    address = urlsplit(said.reply["buttons"][0]["payload"])
    assert (address.path, address.query) == ("/rettigheter", "")
    assert parse_qs(address.fragment)["tilstand"] == ["varig"]
    assert "kommune" not in parse_qs(address.fragment)
    knowledge_base.use(knowledge, lambda malform: OWN)
    said = await step(run, "haster:nei", navigator=[*CHILD, "kommune:?"], venter="naviger_haster")
    assert all(payload.startswith("/") for payload in said.payloads)


@pytest.mark.parametrize("malform", ["nb", "nn"])
@pytest.mark.parametrize("name", QUESTIONS)
async def test_by_text_message_a_question_has_room_for_all_its_choices(
    run: Run, name: str, malform: str
) -> None:
    before = [f"{other}:?" for other in QUESTIONS if other != name]
    said = await step(run, None, navigator=before, kanal="sms", malform=malform)
    question = NAVIGATOR.question(name)
    assert question
    wanted = [f"{name}:{option.value}" for option in NAVIGATOR.shown_options(question, {})]
    assert answers_of(said.reply)[: len(wanted) + 1] == [*wanted, f"{name}:?"]
    assert (sms_segments(said.text) or 9) <= 3
    if name != QUESTIONS[0]:
        assert "tilbake" in answers_of(said.reply)


@pytest.mark.parametrize("malform", ["nb", "nn"])
async def test_by_text_message_the_list_is_short_with_its_address(
    run: Run, knowledge: Knowledge, malform: str
) -> None:
    site = "https://hjelpelinja-for-parorende.example.no"
    knowledge_base.use(knowledge, lambda malform: {**OWN, "nettsted": site})
    said = await step(
        run,
        "haster:tilsyn",
        navigator=[*CHILD, "kommune:?"],
        venter="naviger_haster",
        kanal="sms",
        malform=malform,
    )
    assert (sms_segments(said.text) or 9) <= 3
    assert f"{site}/rettigheter" in said.text
    assert "tilstand" not in said.text
    assert said.text.count("\n- ") >= 3


async def test_an_age_in_words_is_the_answer(run: Run) -> None:
    said = await run(
        "action_opplysning",
        "oppgi_opplysning",
        [entity("alder", "9")],
        navigator=["hvem:barn"],
        venter="naviger_alder",
    )
    assert said.slots["pasient_alder"] == 9
    assert said.slots["venter"] == "naviger_tilstand"


async def test_a_kommune_in_words_is_the_answer_and_a_shared_name_is_asked_about(run: Run) -> None:
    before: Json = {"navigator": [*CHILD], "venter": "naviger_kommune"}
    said = await run("action_bom", "nlu_fallback", [entity("kommune", "1108")], **before)
    assert said.slots["kommune"] == "1108"
    assert said.slots["venter"] == "naviger_haster"
    shared = await run("action_opplysning", "oppgi_opplysning", [entity("kommune", "Våler")], **before)
    assert shared.slots["venter"] == "naviger_kommune"
    assert "Innlandet" in shared.text


async def test_an_illness_in_words_is_the_answer_though_it_is_a_topic_too(run: Run) -> None:
    before: Json = {"navigator": ["hvem:forelder", "alder:67"], "venter": "naviger_tilstand"}
    said = await run("action_svar", "demens", [entity("tilstand", "demens")], **before)
    assert said.slots["venter"] == "naviger_omsorg"
    pressed = await run("action_svar", "demens", **before)
    assert pressed.replies[0]["entries"][0] == "demens"
    assert pressed.slots["navigator"] == before["navigator"]


async def test_a_no_skips_or_means_none_of_it(run: Run) -> None:
    skipped = await run("action_avkreft", "avkreft", navigator=["hvem:barn"], venter="naviger_alder")
    assert skipped.slots["navigator"] == ["hvem:barn", "alder:?"]
    none = await run("action_avkreft", "avkreft", navigator=[*CHILD, "kommune:?"], venter="naviger_haster")
    assert none.slots["navigator"][-1] == "haster:nei"
    assert none.reply["kind"] == "answer"


async def test_what_is_not_understood_is_asked_once_more_and_then_a_person_offered(run: Run) -> None:
    before: Json = {"navigator": ["hvem:barn"], "venter": "naviger_alder"}
    again = await run("action_bom", "nlu_fallback", **before)
    assert again.slots["venter"] == "naviger_alder"
    assert again.slots["bom"] == 1
    offered = await run("action_bom", "nlu_fallback", bom=1, **before)
    assert offered.slots["venter"] == "menneske"
    assert offered.slots["navigator"] == ["hvem:barn"]


async def test_another_subject_is_answered_with_the_way_back(run: Run) -> None:
    said = await run("action_svar", "klage", navigator=["hvem:barn"], venter="naviger_alder")
    assert said.replies[0]["entries"][0] == "klage"
    assert "/naviger" in said.payloads
    assert said.slots["navigator"] == ["hvem:barn"]


async def test_a_person_may_be_asked_for_in_the_middle(run: Run) -> None:
    said = await run(
        "action_overlever", "snakke_med_menneske", navigator=["hvem:barn"], venter="naviger_alder"
    )
    assert said.slots["overlevering"] == "menneske"
    assert said.slots["navigator"] == ["hvem:barn"]


async def test_starting_the_conversation_over_forgets_the_navigator(run: Run) -> None:
    said = await run("action_start_pa_nytt", "start_pa_nytt", navigator=["hvem:barn"])
    assert said.slots["navigator"] is None


@pytest.mark.parametrize("topic", ["okonomi_radgivning", "omsorgsstonad", "avlastning", "permisjon"])
async def test_answers_about_money_work_and_services_have_the_way_in(run: Run, topic: str) -> None:
    said = await run("action_svar", topic, kommune="1108")
    assert '/naviger{"svar": "start"}' in said.payloads
    assert '/naviger{"svar": "start"}' not in (await run("action_svar", "skyld_skam_sinne")).payloads


async def test_the_way_in_comes_first_for_who_asks_where_to_begin(run: Run) -> None:
    said = await run("action_svar", "forste_hjelp_hos_hvem")
    answer = next(reply for reply in said.replies if reply["kind"] == "answer")
    assert not answer["buttons"] or answer["buttons"][0]["payload"] == '/naviger{"svar": "start"}'


async def test_every_topic_that_offers_it_exists(knowledge: Knowledge) -> None:
    assert {*NAVIGATOR.offered_first, *NAVIGATOR.offered_also} <= set(knowledge.topics)
