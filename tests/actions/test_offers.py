"""What is there where the relative lives, and the form that asks where that is."""

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from knowledge import Knowledge, sms_segments
from tests.actions.conftest import Run, entity

BERGEN = entity("kommune", "4601")


async def test_offers_say_which_kind_they_are(run: Run) -> None:
    said = await run("action_lokale_tilbud", "lokale_tilbud", [BERGEN])
    assert said.reply["kind"] == "offers"
    assert said.text.startswith("I Bergen:")
    assert "For hele landet:" in said.text
    assert 1 < len(said.reply["entries"]) <= 5
    assert said.slots["tema"] == "lokale_tilbud"


async def test_more_offers_are_others(run: Run) -> None:
    seen: list[str] = []
    depth = None
    for _ in range(4):
        action = "action_utdyp" if depth is not None else "action_lokale_tilbud"
        said = await run(action, "utdyp", kommune="4601", tema="lokale_tilbud", dybde=depth)
        depth = said.slots["dybde"] or 0
        seen += said.reply["entries"]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("malform", ["nb", "nn"])
async def test_offers_fit_a_text_message_in_every_kommune(
    run: Run, knowledge: Knowledge, malform: str
) -> None:
    for number in [*knowledge.kommuner, None]:
        said = await run(
            "action_lokale_tilbud", "lokale_tilbud", kommune=number, kanal="sms", malform=malform
        )
        assert (sms_segments(said.text) or 9) <= 3, number
        assert len(said.reply["entries"]) <= 3
        assert len(said.reply["sources"]) <= 1


async def test_without_a_kommune_offers_for_the_whole_country_are_given(
    run: Run, knowledge: Knowledge
) -> None:
    said = await run("action_lokale_tilbud", "avkreft")
    assert said.reply["entries"]
    assert all(knowledge.offers[name].coverage == "nasjonal" for name in said.reply["entries"])


async def test_numbers_to_tap_stand_in_the_text_too(run: Run) -> None:
    said = await run("action_lokale_tilbud", "lokale_tilbud", [BERGEN])
    for contact in said.reply["contacts"]:
        assert contact["display"] in said.text


async def test_the_form_takes_a_kommune_by_number_and_by_name(run: Run) -> None:
    for value in ("4601", "Bergen", "bergen"):
        said = await run("validate_kommune_form", "oppgi_opplysning", [entity("kommune", value)], form=True)
        assert said.slots["kommune"] == "4601"


async def test_the_form_asks_which_when_a_name_is_shared(run: Run) -> None:
    vaaler = [entity("kommune", "Våler")]
    said = await run("validate_kommune_form", "oppgi_opplysning", vaaler, form=True)
    assert said.slots["kommune"] is None
    question = await run("action_ask_kommune", "oppgi_opplysning", vaaler, form=True, kommune_forsok=1)
    assert {'/oppgi_opplysning{"kommune": "3114"}', '/oppgi_opplysning{"kommune": "3419"}'} <= set(
        question.payloads
    )


async def test_the_form_gives_up_after_two_vain_attempts(run: Run) -> None:
    first = await run("validate_kommune_form", "nlu_fallback", form=True)
    assert (first.slots["kommune_forsok"], first.slots["requested_slot"]) == (1, "kommune")
    second = await run("validate_kommune_form", "nlu_fallback", form=True, kommune_forsok=1)
    assert second.slots["requested_slot"] is None


async def test_the_form_is_left_for_another_subject(run: Run) -> None:
    for intent in ("klage", "snakke_med_menneske", "krise_vold", "usikker", "takk", "start_pa_nytt"):
        with pytest.raises(ActionExecutionRejection):
            await run("validate_kommune_form", intent, form=True)
    left = await run("action_svar", "klage", [BERGEN], form=True)
    assert {"event": "active_loop", "name": None, "timestamp": None} in left.events
    assert left.slots["requested_slot"] is None


async def test_two_places_in_one_message_are_asked_about(run: Run) -> None:
    both = [BERGEN, entity("kommune", "0301")]
    said = await run("action_opplysning", "oppgi_opplysning", both, tema="avlastning", venter="svar_kommune")
    assert said.reply["kind"] == "question"
    assert said.slots["venter"] == "svar_kommune"
    assert said.slots["kommune"] is None
