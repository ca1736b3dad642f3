"""Facts without a slot of their own, and helplines asked for, in whole conversations on a real engine."""

from collections.abc import Callable

from tests.engine.conftest import Conversation, Json

Talk = Callable[..., Conversation]

MOTHER = {"entity": "relasjon", "value": "mor"}


def answer(value: str) -> Json:
    """Return a noticed fact or a pressed button as the service hands it over."""
    return {"entity": "svar", "value": value}


async def test_consent_is_asked_for_and_pressed(talk: Talk) -> None:
    conversation = talk()
    replies = await conversation.say("rett_til_informasjon", MOTHER)
    assert conversation.slots["venter"] == "svar_samtykke"
    said = await conversation.press(replies[-1], 1)
    assert said[0]["kind"] == "answer"
    assert conversation.slots["navigator"] == ["samtykke:nei"]
    assert "venter" not in conversation.slots


async def test_facts_told_by_the_way_last_and_the_navigator_uses_them(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("utslitt", MOTHER, answer("arbeid:ansatt"), answer("bor:sammen"))
    for intent in ("hils", "klage", "takk", "taushetsplikt", "takk"):
        await conversation.say(intent)
    assert conversation.slots["navigator"] == ["arbeid:ansatt", "bor:sammen"]
    begun = await conversation.say("naviger", answer("start"))
    assert "ansatt" in begun[0]["text"]
    await conversation.say("oppgi_opplysning", {"entity": "relasjon", "value": "sonn"})
    assert "bor:sammen" not in conversation.slots["navigator"]


async def test_a_helpline_that_was_asked_for_is_given(talk: Talk) -> None:
    conversation = talk()
    await conversation.say("demens")
    replies = await conversation.say("kontaktinfo", answer("kontakt:giftinformasjonen"))
    assert replies[0]["entries"] == ["giftinformasjonen"]
    assert conversation.slots["tema"] == "demens"
