"""The rights navigator in whole conversations on a real engine: to the list, astray, and back again."""

from collections.abc import Callable
from typing import Any

from tests.engine.conftest import Conversation, Json

Talk = Callable[..., Conversation]

STEPS = (
    "hvem:barn",
    "alder:0_11",
    "tilstand:funksjon",
    "omsorg:dogn",
    "bor:sammen",
    "arbeid:ansatt",
    "kommune:?",
)


def answer(value: str) -> Json:
    """Return an answer as a pressed button hands it over."""
    return {"entity": "svar", "value": value}


async def begin(talk: Talk, *steps: str, **slots: Any) -> Conversation:
    """Begin the navigator and take some steps."""
    conversation = talk(**slots)
    await conversation.say("naviger", answer("start"))
    for step in steps:
        await conversation.say("naviger", answer(step))
    return conversation


async def test_from_the_first_question_to_the_list(talk: Talk) -> None:
    conversation = await begin(talk, *STEPS)
    assert conversation.slots["venter"] == "naviger_haster"
    replies = await conversation.say("naviger", answer("haster:tilsyn"))
    assert replies[0]["kind"] == "answer"
    assert "pleiepenger_barn" in replies[0]["entries"]
    assert "venter" not in conversation.slots


async def test_by_pressing_the_buttons_alone(talk: Talk) -> None:
    conversation = talk()
    reply = (await conversation.say("naviger", answer("start")))[0]
    for _ in range(8):
        assert reply["kind"] == "question"
        reply = (await conversation.press(reply, 0))[0]
    assert reply["kind"] == "answer"


async def test_a_topic_in_the_middle_leads_back_by_its_button(talk: Talk) -> None:
    conversation = await begin(talk, "hvem:barn")
    replies = await conversation.say("omsorgsstonad", {"entity": "kommune", "value": "4601"})
    payloads = [button["payload"] for reply in replies for button in reply["buttons"]]
    assert "/naviger" in payloads
    back = await conversation.say("naviger")
    assert conversation.slots["venter"] == "naviger_alder"
    assert back[0]["kind"] == "question"


async def test_offers_in_the_middle_and_their_form_do_not_break_it(talk: Talk) -> None:
    conversation = await begin(talk, "hvem:barn")
    await conversation.say("lokale_tilbud")
    assert conversation.slots["venter"] == "kommune"
    back = await conversation.say("naviger")
    assert back[0]["kind"] == "question"
    assert conversation.slots["venter"] == "naviger_alder"


async def test_a_person_and_danger_in_the_middle(talk: Talk) -> None:
    conversation = await begin(talk, "hvem:barn")
    await conversation.say("snakke_med_menneske")
    assert conversation.slots["overlevering"] == "menneske"
    conversation = await begin(talk, "hvem:barn")
    crisis = await conversation.say("krise_selvmord_annen")
    assert crisis[0]["kind"] == "crisis"
    back = await conversation.say("naviger")
    assert back[0]["kind"] == "question"


async def test_many_turns_later_the_answers_are_still_there(talk: Talk) -> None:
    conversation = await begin(talk, *STEPS[:4])
    for intent in ("hils", "klage", "takk", "taushetsplikt", "takk"):
        await conversation.say(intent)
    await conversation.say("naviger")
    assert conversation.slots["venter"] == "naviger_bor"
    assert conversation.slots["navigator"] == list(STEPS[:4])


async def test_an_age_and_a_kommune_in_words(talk: Talk) -> None:
    conversation = await begin(talk, "hvem:barn")
    await conversation.say("oppgi_opplysning", {"entity": "alder", "value": "14"})
    assert conversation.slots["venter"] == "naviger_tilstand"
    for step in STEPS[2:6]:
        await conversation.say("naviger", answer(step))
    await conversation.say("oppgi_opplysning", {"entity": "kommune", "value": "1108"})
    assert conversation.slots["venter"] == "naviger_haster"
    replies = await conversation.say("avkreft")
    assert "Sandnes kommune" in replies[0]["text"]


async def test_what_the_conversation_told_is_not_asked(talk: Talk) -> None:
    conversation = talk()
    await conversation.say(
        "avlastning", {"entity": "relasjon", "value": "mor"}, {"entity": "tilstand", "value": "demens"}
    )
    await conversation.say("naviger", answer("start"))
    assert conversation.slots["venter"] == "naviger_alder"
    await conversation.say("naviger", answer("alder:67"))
    assert conversation.slots["venter"] == "naviger_omsorg"


async def test_by_text_message_to_the_list(talk: Talk) -> None:
    conversation = await begin(talk, *STEPS, kanal="sms")
    replies = await conversation.say("naviger", answer("haster:tilsyn"))
    assert "Pleiepenger for sykt barn" in replies[0]["text"]
