"""Small talk, misses, a person, danger: what is said and what is remembered."""

import re
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

import actions
from knowledge import Knowledge, sms_segments
from tests.actions.conftest import Json, Run, entity

SOURCE = Path(actions.__file__).parent
STORIES = SOURCE.parent / "data" / "stories"
SPOKEN = [
    *("apningstider", "kontaktinfo", "om_tjenesten", "personvern", "fagperson", "hils", "takk", "farvel"),
    *("ros", "ris", "annet_sprak", "utenfor_tema"),
]
CRISES = [
    *("krise_selvmord_selv", "krise_selvmord_annen", "krise_vold", "krise_barn", "krise_akutt_helse"),
    *("krise_psykose", "krise_savnet"),
]


def test_every_phrase_the_actions_use_is_written(knowledge: Knowledge) -> None:
    used: set[str] = set(SPOKEN)
    for file in SOURCE.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r'\.(?:phrase|say)\(\s*"(\w+)"', text))
        used |= set(re.findall(r'phrases\["(\w+)"\]', text))
    used |= {f"tilbud_{reach}" for reach in ("kommune", "naer", "fylke", "regional", "nasjonal")}
    assert used
    assert sorted(used - set(knowledge.phrases)) == []


def test_every_intent_and_action_has_its_rule(domain: Json) -> None:
    rules = "\n".join(file.read_text(encoding="utf-8") for file in STORIES.glob("*.yml"))
    for intent in domain["intents"]:
        assert re.search(rf"intent: {intent}\b", rules), intent
    in_rules = set(re.findall(r"action: (\w+)", rules)) - {"kommune_form", "action_listen"}
    asked_by_engine = {"action_ask_kommune", "validate_kommune_form", "action_tilby_menneske"}
    assert in_rules | asked_by_engine == set(domain["actions"])


def test_the_domain_has_the_actions_that_exist_and_no_others(domain: Json, executor: ActionExecutor) -> None:
    assert set(domain["actions"]) == {
        name for name in executor.actions if "action_" in name or "validate" in name
    }


def test_every_intent_has_a_title(domain: Json, knowledge: Knowledge) -> None:
    assert set(domain["intents"]) - {"usikker", "nlu_fallback"} == set(knowledge.intents)


def test_every_button_an_editor_wrote_leads_to_an_intent(domain: Json, knowledge: Knowledge) -> None:
    intents = set(domain["intents"])
    for phrase in knowledge.phrases.values():
        assert {button.intent for button in phrase.buttons} <= intents, phrase.id
    for topic in knowledge.topics.values():
        assert {choice.intent for choice in topic.follow_ups} <= intents, topic.id


@pytest.mark.parametrize("channel", ["widget", "sms"])
@pytest.mark.parametrize("malform", ["nb", "nn"])
@pytest.mark.parametrize("intent", SPOKEN)
async def test_every_helpline_intent_has_its_words(run: Run, intent: str, malform: str, channel: str) -> None:
    said = await run("action_si", intent, kanal=channel, malform=malform)
    assert said.text
    assert "{" not in said.text
    if channel == "sms":
        assert (sms_segments(said.text) or 9) <= 3


async def test_the_first_miss_asks_for_other_words_the_second_offers_a_person(run: Run) -> None:
    first = await run("action_bom", "nlu_fallback")
    assert first.slots["bom"] == 1
    second = await run("action_bom", "nlu_fallback", bom=1)
    assert second.slots["venter"] == "menneske"
    assert second.payloads[:2] == ["/bekreft", "/avkreft"]


async def test_anything_understood_forgets_the_misses(run: Run) -> None:
    for action, intent in (("action_svar", "klage"), ("action_si", "takk"), ("action_utdyp", "utdyp")):
        assert (await run(action, intent, bom=1)).slots["bom"] is None


async def test_a_miss_while_a_number_is_asked_for_asks_again(run: Run) -> None:
    said = await run("action_bom", "nlu_fallback", venter="telefon")
    assert said.reply["entries"] == ["tilbakeringing_ugyldig"]
    assert said.slots["venter"] == "telefon"


async def test_choices_are_titles_with_danger_first_and_a_person_last(run: Run) -> None:
    said = await run("action_avklar", "usikker", kandidater=["klage", "bekreft", "krise_vold"])
    assert said.payloads == ["/krise_vold", "/klage", "/avkreft", "/snakke_med_menneske"]
    assert said.slots["kandidater"] == ["krise_vold", "klage"]
    assert said.slots["venter"] == "kandidat"


async def test_without_a_choice_worth_showing_other_words_are_asked_for(run: Run) -> None:
    said = await run("action_avklar", "usikker", kandidater=["takk", "bekreft"])
    assert said.slots["bom"] == 1


async def test_a_yes_to_the_only_choice_answers_it(run: Run) -> None:
    said = await run("action_bekreft", "bekreft", venter="kandidat", kandidater=["klage"])
    assert said.replies[0]["entries"][0] == "klage"


async def test_a_yes_to_several_choices_asks_which(run: Run) -> None:
    said = await run("action_bekreft", "bekreft", venter="kandidat", kandidater=["klage", "avlastning"])
    assert said.reply["kind"] == "clarify"
    assert said.slots["venter"] == "kandidat"


async def test_a_person_is_asked_for_without_words_of_ours(run: Run) -> None:
    said = await run("action_overlever", "snakke_med_menneske", form=True)
    assert said.replies == []
    assert said.slots["overlevering"] == "menneske"
    assert said.slots["requested_slot"] is None


async def test_a_number_is_asked_for_before_a_call(run: Run) -> None:
    asked = await run("action_ring_opp", "ring_meg_opp")
    assert asked.slots["venter"] == "telefon"
    told = await run("action_ring_opp", "ring_meg_opp", [entity("telefon", "oppgitt")])
    assert told.slots["overlevering"] == "tilbakeringing"


@pytest.mark.parametrize("malform", ["nb", "nn"])
@pytest.mark.parametrize("intent", CRISES)
async def test_danger_gets_numbers_and_a_person(
    run: Run, knowledge: Knowledge, intent: str, malform: str
) -> None:
    said = await run("action_krise", intent, malform=malform)
    assert said.reply["kind"] == "crisis"
    assert said.slots["overlevering"] == "krise"
    first = knowledge.contacts[said.reply["contacts"][0]["id"]]
    assert first.name in said.text
    by_sms = await run("action_krise", intent, malform=malform, kanal="sms")
    assert (sms_segments(by_sms.text) or 9) <= 3


async def test_a_young_writer_in_danger_gets_the_contacts_for_the_young(
    run: Run, knowledge: Knowledge
) -> None:
    for intent in CRISES:
        young = knowledge.crisis[intent].texts_for("high", None, True)
        said = await run("action_krise", intent, skriver_alder=14.0)
        assert [contact["id"] for contact in said.reply["contacts"]] == list(young.contacts)


async def test_starting_over_forgets_the_patient_and_keeps_the_place(run: Run) -> None:
    said = await run(
        "action_start_pa_nytt",
        "start_pa_nytt",
        tema="klage",
        relasjon="mor",
        tilstand="demens",
        kommune="4601",
    )
    assert (said.slots["tema"], said.slots["relasjon"], said.slots["tilstand"]) == (None, None, None)
    assert said.slots["kommune"] == "4601"
    assert said.reply["buttons"]


async def test_a_fact_that_nothing_asked_for_is_taken_kindly(run: Run) -> None:
    said = await run("action_opplysning", "oppgi_opplysning", [entity("kommune", "4601")])
    assert said.reply["entries"] == ["oppgi_opplysning"]
    assert "/lokale_tilbud" in said.payloads
    assert said.slots["kommune"] == "4601"


async def test_how_to_reach_the_helpline_says_only_what_is_set(run: Run) -> None:
    assert "22 22 22 22" in (await run("action_si", "kontaktinfo")).text


async def test_every_reply_has_the_agreed_form(run: Run) -> None:
    said = await run("action_svar", "taushetsplikt")
    for reply in said.replies:
        assert set(reply) == {"text", "kind", "sources", "entries", "buttons", "contacts"}


async def test_words_are_not_the_same_two_turns_in_a_row(run: Run) -> None:
    first = await run("action_si", "takk")
    second = await run("action_si", "takk", tur=first.slots["tur"])
    assert first.text != second.text
