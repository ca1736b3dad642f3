"""Crisis answers: for every kind of danger, at every level, for everyone, with numbers that answer."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from knowledge import OSLO, Crisis, CrisisLevel, CrisisTexts, Knowledge, load_knowledge, sms_segments
from knowledge.check import PHONE

INTENTS = (
    "krise_selvmord_selv", "krise_selvmord_annen", "krise_vold", "krise_barn", "krise_akutt_helse",
    "krise_psykose", "krise_savnet",
)  # fmt: skip
LEVELS: tuple[CrisisLevel, ...] = ("imminent", "high", "concern")
NIGHT = datetime(2026, 12, 25, 3, 0, tzinfo=OSLO)
# Words that name a means or a place; guidance on writing about suicide leaves them out.
METHOD_WORDS = (
    "piller",
    "pillar",
    "tablett",
    "henge seg",
    "hengje seg",
    "kniv",
    "tau",
    "skyte",
    "hoppe",
    "overdose",
)


def every_answer(knowledge: Knowledge) -> Iterator[tuple[Crisis, CrisisLevel, CrisisTexts]]:
    """Yield every answer somebody may get."""
    for crisis in knowledge.crisis.values():
        for level in LEVELS:
            for who in (None, "self", "other", "child"):
                for under_18 in (False, True):
                    yield crisis, level, crisis.texts_for(level, who, under_18)


def test_every_crisis_intent_has_an_answer(knowledge: Knowledge) -> None:
    assert set(knowledge.crisis) == set(INTENTS)


def test_every_answer_gives_a_plain_number_that_answers_on_christmas_night(knowledge: Knowledge) -> None:
    for crisis, level, texts in every_answer(knowledge):
        contacts = [knowledge.contacts[name] for name in texts.contacts]
        assert all(contact.is_plain for contact in contacts), (crisis.intent, level)
        assert contacts[0].phone is not None
        assert contacts[0].open_now_by_phone(NIGHT) is True, (crisis.intent, level)


def test_every_answer_gives_the_emergency_number_of_its_kind(knowledge: Knowledge) -> None:
    police = {"krise_vold", "krise_barn", "krise_savnet"}
    for crisis, level, texts in every_answer(knowledge):
        assert ("politi_112" if crisis.intent in police else "amk_113") in texts.contacts, (
            crisis.intent,
            level,
        )


def test_in_imminent_danger_the_emergency_number_comes_first(knowledge: Knowledge) -> None:
    for crisis in knowledge.crisis.values():
        for under_18 in (False, True):
            first = crisis.texts_for("imminent", None, under_18).contacts[0]
            assert first in ("amk_113", "politi_112"), crisis.intent


def test_suggested_contacts_are_in_the_answers(knowledge: Knowledge) -> None:
    for intent in INTENTS:
        given = {
            name for texts in knowledge.crisis[intent].levels.values() for t in texts for name in t.contacts
        }
        assert set(knowledge.routing[intent]) <= given, intent


def test_a_writer_under_18_gets_a_line_for_the_young(knowledge: Knowledge) -> None:
    for crisis in knowledge.crisis.values():
        for level in LEVELS:
            texts = crisis.texts_for(level, None, under_18=True)
            assert "alarmtelefonen_116111" in texts.contacts, (crisis.intent, level)
            assert texts.answer != crisis.texts_for(level, None).answer


def test_text_messages_fit_three_segments_and_start_with_a_number(knowledge: Knowledge) -> None:
    for crisis, level, texts in every_answer(knowledge):
        for _, message in texts.sms.both():
            segments = sms_segments(message)
            assert segments is not None, (crisis.intent, level, message)
            assert segments <= 3
            number = PHONE.search(message)
            assert number is not None
            assert number.start() < 45, message


def test_a_second_time_other_words_are_used(knowledge: Knowledge) -> None:
    for _, _, texts in every_answer(knowledge):
        for malform in ("nb", "nn"):
            said = [texts.said(malform, turn) for turn in range(3)]
            assert len(set(said)) == 3


def test_no_answer_names_a_method_of_suicide(knowledge: Knowledge) -> None:
    for intent in ("krise_selvmord_selv", "krise_selvmord_annen"):
        said = knowledge.crisis[intent].model_dump_json().lower()
        assert not [word for word in METHOD_WORDS if word in said]


def test_nobody_on_duty_points_to_numbers_that_answer(knowledge: Knowledge) -> None:
    for crisis in knowledge.crisis.values():
        for _, text in crisis.nobody_on_duty.both():
            assert PHONE.search(text), crisis.intent


def test_it_is_said_honestly_who_has_reviewed_the_words(knowledge: Knowledge) -> None:
    for crisis in knowledge.crisis.values():
        assert crisis.reviewed_by is None or crisis.reviewed_by.strip()


def test_a_crisis_without_a_level_is_refused() -> None:
    data = load_knowledge().crisis["krise_vold"].model_dump()
    del data["levels"]["high"]
    with pytest.raises(ValueError, match="high"):
        Crisis.model_validate(data)


def test_about_somebody_else_the_words_are_for_the_one_who_sees_it(knowledge: Knowledge) -> None:
    vold = knowledge.crisis["krise_vold"]
    assert vold.texts_for("imminent", "other").answer != vold.texts_for("imminent", "self").answer
