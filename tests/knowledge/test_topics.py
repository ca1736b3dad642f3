"""Topics: the answer fits the one who asks, in both written forms, and is short enough."""

import pytest

from knowledge import Knowledge, Situation, When, age_group, sms_segments
from knowledge.schema import SHORT_LIMIT


@pytest.mark.parametrize(
    ("age", "group"),
    [(0, "under_12"), (11.9, "under_12"), (12, "12_15"), (15, "12_15"), (16, "16_17"), (18, "voksen")],
)
def test_ages_fall_in_the_groups_of_the_law(age: float, group: str) -> None:
    assert age_group(age) == group


def test_a_mother_and_a_daughter_of_14_get_different_answers(knowledge: Knowledge) -> None:
    topic = knowledge.topics["taushetsplikt"]
    mother = topic.answer_for(Situation(relasjon="mor"))
    daughter = topic.answer_for(Situation(relasjon="datter", pasient_alder=14))
    assert mother.short != daughter.short
    assert not mother.from_variant
    assert daughter.from_variant


def test_a_writer_under_18_gets_words_for_the_young_first(knowledge: Knowledge) -> None:
    topic = knowledge.topics["taushetsplikt"]
    answer = topic.answer_for(Situation(relasjon="mor", tilstand="demens", skriver_alder=13))
    assert answer.short == topic.variants[0].short


def test_a_variant_without_steps_keeps_those_of_the_topic(knowledge: Knowledge) -> None:
    topic = knowledge.topics["taushetsplikt"]
    assert topic.answer_for(Situation(pasient_alder=14)).steps == topic.steps


def test_what_is_not_told_fits_no_list() -> None:
    assert not When(relasjon=("mor",)).fits(Situation())
    assert not When(pasient_alder=("voksen",)).fits(Situation(relasjon="datter"))
    assert When(pasient_alder=("voksen",)).fits(Situation(relasjon="far"))
    assert not When(pasient_alder=("voksen",)).fits(Situation(relasjon="far", pasient_alder=17))


def test_all_keys_of_a_condition_must_fit() -> None:
    when = When(tilstand=("demens",), kommune=("1108",), channel="sms")
    told = Situation(tilstand="demens", kommune="1108", channel="sms")
    assert when.fits(told)
    assert not when.fits(Situation(tilstand="demens", kommune="1108"))
    assert not When(skriver_under_18=True).fits(Situation(skriver_alder=18))
    assert When(skriver_under_18=False).fits(Situation())


def test_every_answer_in_every_topic_is_short_and_fits_a_text_message(knowledge: Knowledge) -> None:
    for topic in knowledge.topics.values():
        for answer in (topic, *topic.variants):
            for malform in ("nb", "nn"):
                assert len(answer.short.in_(malform)) <= SHORT_LIMIT
                assert sms_segments(answer.sms.in_(malform)) in (1, 2), (topic.id, malform)


def test_every_topic_says_where_it_comes_from_and_what_to_do(knowledge: Knowledge) -> None:
    for topic in knowledge.topics.values():
        assert topic.sources
        assert topic.steps
        assert topic.next_review > topic.reviewed


def test_buttons_of_a_question_answer_it(knowledge: Knowledge) -> None:
    for topic in knowledge.topics.values():
        for ask in topic.ask:
            for choice in ask.buttons:
                assert ask.payload(choice).startswith("/oppgi_opplysning{")
    (ask,) = knowledge.topics["taushetsplikt"].ask
    assert ask.payload(ask.buttons[1]) == '/oppgi_opplysning{"alder":"14"}'
