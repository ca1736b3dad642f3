"""The helpline's own words: filled, in both forms, never the same twice in a row."""

import pytest

from knowledge import Knowledge, sms_segments


def test_every_helpline_intent_has_words(knowledge: Knowledge) -> None:
    for intent in knowledge.intents.values():
        if intent.kind == "helpline":
            assert intent.id in knowledge.phrases


def test_every_intent_has_a_title_in_both_forms(knowledge: Knowledge) -> None:
    assert len(knowledge.intents) == 80  # the 79 that are understood from text, and the navigator
    assert knowledge.intent_title("avlastning", "nn") == "Avlasting"
    for intent in knowledge.intents.values():
        assert intent.title.nn
        assert len(intent.title.nb) <= 60


def test_placeholders_are_filled_and_values_are_not_read_as_placeholders(knowledge: Knowledge) -> None:
    phrase = knowledge.phrases["ko_plass"]
    assert phrase.render("nb", plass=3) == "Du er nummer 3 i køen."
    assert "{timer}" in knowledge.phrases["radgiver_kom"].render("nn", navn="{timer}")


def test_a_forgotten_value_is_an_error_and_not_shown_to_anyone(knowledge: Knowledge) -> None:
    with pytest.raises(KeyError):
        knowledge.phrases["ko_plass"].render("nb")


def test_wordings_take_turns(knowledge: Knowledge) -> None:
    phrase = knowledge.phrases["omformuler"]
    assert phrase.wording("nb", turn=0) != phrase.wording("nb", turn=1)
    assert phrase.wording("nb", turn=0) == phrase.wording("nb", turn=len(phrase.texts))


def test_by_text_message_the_short_form_is_used(knowledge: Knowledge) -> None:
    phrase = knowledge.phrases["om_tjenesten"]
    assert phrase.wording("nb", "sms") != phrase.wording("nb")
    plain = knowledge.phrases["takk"]
    assert plain.wording("nb", "sms") == plain.wording("nb")


def test_the_service_down_still_gives_the_number_for_life_in_danger(knowledge: Knowledge) -> None:
    for channel in ("widget", "sms"):
        for malform in ("nb", "nn"):
            text = knowledge.phrases["motor_nede"].render(malform, channel, alternativer="116 123")  # type: ignore[arg-type]
            assert "113" in text
            assert "116 123" in text


def test_the_helpline_has_no_number_or_name_of_its_own_in_the_data(knowledge: Knowledge) -> None:
    assert {"timer", "nummer"} <= knowledge.phrases["kontaktinfo"].placeholders()
    assert "tjeneste" in knowledge.phrases["velkommen"].placeholders()
    for phrase in knowledge.phrases.values():
        assert "Hjelpelinja" not in phrase.model_dump_json(), phrase.id


# What the service may fill in at its longest.
LONGEST = {
    "tjeneste": "Hjelpelinjen for pårørende i Møre og Romsdal",
    "timer": "mandag-torsdag 08.30-20.30, fredag 08.30-15.30 og søndag 17-21",
    "nummer": "22 00 00 00",
    "alternativer": "Hjelpetelefonen (Mental Helse) 116 123. Kirkens SOS 22 40 00 40. Legevakt 116 117.",
    "kandidater": "1 Når ansatte viser til taushetsplikten\n2 Hva har jeg rett til å få vite?\n3 Nærmeste pårørende",
    "forslag": "Herøy i Møre og Romsdal eller Herøy i Nordland",
}


def test_filled_in_no_phrase_is_longer_than_three_text_messages(knowledge: Knowledge) -> None:
    for phrase in knowledge.phrases.values():
        if phrase.language is not None:
            continue  # another alphabet than GSM-7 has
        values = {name: LONGEST.get(name, "Kautokeino og Karasjok") for name in phrase.fields}
        for malform in ("nb", "nn"):
            for turn in range(len(phrase.texts)):
                segments = sms_segments(phrase.render(malform, "sms", turn, **values))
                assert segments is not None, phrase.id
                assert segments <= 3, phrase.id
