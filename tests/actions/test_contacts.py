"""The helpline that was asked for: its number, when it answers, and whom it is for."""

import pytest

from knowledge import Knowledge, sms_segments
from tests.actions.conftest import Json, Run, entity

MALFORMER = ("nb", "nn")


def kontakt(*ids: str) -> list[Json]:
    """Return contacts as the service hands them over."""
    return [entity("svar", f"kontakt:{name}") for name in ids]


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("kanal", ["widget", "sms"])
async def test_every_contact_can_be_told(run: Run, knowledge: Knowledge, malform: str, kanal: str) -> None:
    for contact in knowledge.contacts.values():
        said = await run("action_si", "kontaktinfo", kontakt(contact.id), malform=malform, kanal=kanal)
        reply = said.reply
        assert reply["entries"] == [contact.id]
        assert contact.phone is None or contact.phone.display in reply["text"]
        assert contact.phone or (contact.url or contact.chat or "") in reply["text"]
        if kanal == "sms":
            assert (sms_segments(reply["text"]) or 9) <= 3, contact.id
        else:
            assert contact.name in reply["text"]
            assert contact.audience.in_(malform) in reply["text"]
            assert contact.caveat is None or contact.caveat.in_(malform) in reply["text"]
            assert reply["contacts"][0]["id"] == contact.id
        assert "/snakke_med_menneske" in said.payloads


async def test_several_are_told_together(run: Run) -> None:
    said = await run("action_si", "kontaktinfo", kontakt("unge_parorende", "kors_pa_halsen"))
    assert said.reply["entries"] == ["unge_parorende", "kors_pa_halsen"]
    assert "Chat" in said.text
    assert "800 333 21" in said.text


async def test_a_name_nobody_knows_gives_our_own_number(run: Run) -> None:
    said = await run("action_si", "kontaktinfo", kontakt("ukjent"))
    assert "22 22 22 22" in said.text


async def test_asking_leaves_the_topic_in_place(run: Run) -> None:
    said = await run("action_si", "kontaktinfo", kontakt("demenslinjen"), tema="demens")
    assert said.slots["tema"] == "demens"
