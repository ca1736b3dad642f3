"""Whole conversations on a real engine: what a relative does, turn by turn, and where it leads."""

from collections.abc import Callable

from tests.engine.conftest import Conversation, Json

Talk = Callable[..., Conversation]

BERGEN: Json = {"entity": "kommune", "value": "4601"}


def age(years: int, role: str | None = None) -> Json:
    """Return an age as the service hands it over."""
    return {"entity": "alder", "value": str(years)} | ({"role": role} if role else {})


async def test_an_answer_then_more_then_thanks(talk: Talk) -> None:
    conversation = talk()
    answer = await conversation.say("taushetsplikt", {"entity": "tilstand", "value": "demens"})
    assert [reply["kind"] for reply in answer] == ["answer"]
    assert answer[0]["entries"][0] == "taushetsplikt"
    assert answer[0]["sources"]
    more = await conversation.say("utdyp")
    assert more[0]["entries"] == ["taushetsplikt"]
    assert more[0]["text"] != answer[0]["text"]
    thanks = await conversation.say("takk")
    assert thanks[0]["entries"] == ["takk"]
    assert conversation.slots["tema"] == "taushetsplikt"


async def test_the_kommune_is_asked_for_and_then_offers_are_given(talk: Talk) -> None:
    conversation = talk()
    question = await conversation.say("lokale_tilbud")
    assert [reply["kind"] for reply in question] == ["question"]
    assert conversation.slots["venter"] == "kommune"
    offers = await conversation.say("oppgi_opplysning", BERGEN)
    assert [reply["kind"] for reply in offers] == ["offers"]
    assert "Bergen" in offers[0]["text"]
    assert conversation.slots["kommune"] == "4601"
    assert "venter" not in conversation.slots
    again = await conversation.say("lokale_tilbud")
    assert [reply["kind"] for reply in again] == ["offers"]


async def test_a_kommune_told_with_the_question_is_not_asked_for(talk: Talk) -> None:
    offers = await talk().say("lokale_tilbud", BERGEN)
    assert [reply["kind"] for reply in offers] == ["offers"]


async def test_another_subject_in_the_form_is_answered(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("lokale_tilbud")
    answer = await conversation.say("klage", BERGEN)
    assert [reply["kind"] for reply in answer] == ["answer"]
    assert answer[0]["entries"][0] == "klage"
    assert "venter" not in conversation.slots
    # The form is left for good: a lone fact is not taken as its answer.
    thanks = await conversation.say("takk")
    assert thanks[0]["entries"] == ["takk"]


async def test_a_person_can_be_asked_for_in_the_form(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("lokale_tilbud")
    await conversation.say("snakke_med_menneske")
    assert conversation.slots["overlevering"] == "menneske"


async def test_danger_is_answered_in_the_form(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("lokale_tilbud")
    reply = await conversation.say("krise_vold")
    assert reply[0]["kind"] == "crisis"
    assert conversation.slots["overlevering"] == "krise"


async def test_the_kommune_is_asked_for_twice_at_most(talk: Talk) -> None:
    conversation = talk()
    first = await conversation.say("lokale_tilbud")
    second = await conversation.say("nlu_fallback")
    assert second[0]["kind"] == "question"
    assert second[0]["text"] != first[0]["text"]
    offers = await conversation.say("nlu_fallback")
    assert [reply["kind"] for reply in offers] == ["offers"]
    assert "venter" not in conversation.slots


async def test_not_knowing_the_kommune_gives_offers_for_the_whole_country(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("lokale_tilbud")
    offers = await conversation.say("avkreft")
    assert [reply["kind"] for reply in offers] == ["offers"]


async def test_a_shared_name_is_asked_about(talk: Talk) -> None:
    conversation = talk()
    question = await conversation.say("lokale_tilbud", {"entity": "kommune", "value": "Våler"})
    assert question[0]["kind"] == "question"
    assert "Innlandet" in question[0]["text"]
    offers = await conversation.press(question[0], 0)
    assert [reply["kind"] for reply in offers] == ["offers"]
    assert conversation.slots["kommune"] in ("3114", "3419")


async def test_two_misses_then_yes_to_a_person(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("nlu_fallback")
    assert conversation.slots["bom"] == 1
    offered = await conversation.say("nlu_fallback")
    assert conversation.slots["venter"] == "menneske"
    assert [button["payload"] for button in offered[0]["buttons"]] == ["/bekreft", "/avkreft"]
    assert await conversation.say("bekreft") == []
    assert conversation.slots["overlevering"] == "usikker"
    assert "venter" not in conversation.slots


async def test_two_misses_then_no_to_a_person(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("nlu_fallback")
    await conversation.say("nlu_fallback")
    reply = await conversation.say("avkreft")
    assert "overlevering" not in conversation.slots
    assert len(reply[0]["buttons"]) > 1


async def test_an_understood_message_between_misses_starts_the_count_anew(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("nlu_fallback")
    await conversation.say("takk")
    await conversation.say("nlu_fallback")
    assert conversation.slots["bom"] == 1
    assert "venter" not in conversation.slots


async def test_a_choice_is_given_when_unsure_and_the_chosen_one_answered(talk: Talk) -> None:
    conversation = talk()
    choice = await conversation.say("usikker", kandidater=["avlastning", "omsorgsstonad", "klage"])
    assert choice[0]["kind"] == "clarify"
    answer = await conversation.press(choice[0], 2)
    assert answer[0]["entries"][0] == "klage"
    assert "kandidater" not in conversation.slots or not conversation.slots["kandidater"]


async def test_none_of_the_choices_asks_for_other_words(talk: Talk) -> None:
    conversation = talk()
    choice = await conversation.say("usikker", kandidater=["avlastning", "omsorgsstonad", "klage"])
    other = await conversation.press(choice[0], 3)
    assert [message["entries"] for message in other] == [["omformuler"]]
    again = await conversation.say("usikker", kandidater=["avlastning", "klage"])
    offered = await conversation.press(again[0], 2)
    assert [message["entries"] for message in offered] == [["tilby_menneske"]]


async def test_the_question_an_answer_depends_on_is_asked_and_the_answer_comes_again(talk: Talk) -> None:
    conversation = talk()
    answer, question = await conversation.say("taushetsplikt", {"entity": "relasjon", "value": "sonn"})
    assert (answer["kind"], question["kind"]) == ("answer", "question")
    assert conversation.slots["venter"] == "svar_pasient_alder"
    again = await conversation.say("oppgi_opplysning", age(14))
    assert again[0]["kind"] == "answer"
    assert again[0]["text"] != answer["text"]
    assert conversation.slots["pasient_alder"] == 14
    assert "venter" not in conversation.slots


async def test_the_answer_to_the_question_may_come_by_button_or_with_a_yes_or_not_understood(
    talk: Talk,
) -> None:
    for intent in ("bekreft", "nlu_fallback", "usikker"):
        conversation = talk()
        answer, _ = await conversation.say("taushetsplikt")
        again = await conversation.say(intent, age(14, "pasient"), kandidater=["klage"])
        assert again[0]["text"] != answer["text"]
        assert again[0]["entries"][0] == "taushetsplikt"
    conversation = talk()
    answer, question = await conversation.say("taushetsplikt")
    again = await conversation.press(question, 0)
    assert again[0]["text"] != answer["text"]


async def test_not_telling_the_fact_is_fine(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("taushetsplikt")
    reply = await conversation.say("avkreft")
    assert reply[0]["entries"] == ["opplysning_ikke_gitt"]
    assert conversation.slots["tema"] == "taushetsplikt"


async def test_another_question_instead_of_the_fact_is_answered(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("taushetsplikt")
    answer = await conversation.say("klage")
    assert answer[0]["entries"][0] == "klage"


async def test_a_call_is_asked_for_the_number_first(talk: Talk) -> None:
    conversation = talk()
    question = await conversation.say("ring_meg_opp")
    assert question[0]["kind"] == "question"
    assert conversation.slots["venter"] == "telefon"
    await conversation.say("oppgi_opplysning", {"entity": "telefon", "value": "oppgitt"})
    assert conversation.slots["overlevering"] == "tilbakeringing"


async def test_a_number_that_was_not_understood_as_one_is_taken_all_the_same(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("ring_meg_opp")
    await conversation.say("nlu_fallback", {"entity": "telefon", "value": "oppgitt"})
    assert conversation.slots["overlevering"] == "tilbakeringing"


async def test_no_number_is_fine(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("ring_meg_opp")
    reply = await conversation.say("avkreft")
    assert [message["entries"] for message in reply] == [["uten_telefon"]]
    assert "overlevering" not in conversation.slots


async def test_a_call_by_text_message_needs_no_number(talk: Talk) -> None:
    conversation = talk(kanal="sms")
    await conversation.say("ring_meg_opp")
    assert conversation.slots["overlevering"] == "tilbakeringing"


async def test_every_intent_gets_an_answer(talk: Talk, domain_intents: list[str]) -> None:
    for intent in domain_intents:
        conversation = talk()
        replies = await conversation.say(intent)
        assert replies or conversation.slots.get("overlevering"), intent


async def test_what_is_remembered_stays_small(talk: Talk) -> None:
    conversation = talk()
    for intent in [
        "hils",
        "taushetsplikt",
        "utdyp",
        "utdyp",
        "utdyp",
        "klage",
        "lokale_tilbud",
        "avkreft",
    ] * 3:
        await conversation.say(intent)
    assert len(conversation.state) < 100
