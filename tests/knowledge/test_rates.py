"""Rates hold from one day to another; outside those days the figure is gone and the source is pointed to."""

from datetime import date

import pytest

from knowledge import Knowledge, Source, Text, sms_segments
from knowledge.check import check, reader_texts
from knowledge.navigator_loader import navigator_for
from knowledge.rates import Rate, Rates, loose_figures
from knowledge.review import due
from knowledge.schema import PLACEHOLDER, SHORT_LIMIT
from tests.knowledge.changed import changed, ended, with_rates

TODAY = date(2026, 11, 25)
NEW_YEAR = date(2027, 1, 1)
SOURCE = Source(title="Nav", url="https://www.nav.no/omsorgspenger", seen=date(2026, 11, 1))


def rate(value: str, first: date, last: date | None = None) -> Rate:
    """Return a rate for omsorgspenger."""
    said = Text(nb=value, nn=value)
    return Rate(
        id="omsorgspenger", value=said, without=Text(nb="noen dager", nn="nokre dagar"),
        valid_from=first, valid_to=last, source=SOURCE,
    )  # fmt: skip


def others(knowledge: Knowledge) -> list[Rate]:
    """Return all rates but that of omsorgspenger."""
    return [known for known in knowledge.rates if known.id != "omsorgspenger"]


def short(knowledge: Knowledge, day: date, malform: str = "nb") -> str:
    """Return what is said about omsorgspenger on a day."""
    return knowledge.topics_on(day)["omsorgspenger"].short.in_(malform)


def test_while_it_holds_the_figure_is_told(knowledge: Knowledge) -> None:
    assert "10 dager i året" in short(knowledge, TODAY)
    assert "10 dagar i året" in short(knowledge, TODAY, "nn")
    assert knowledge.topics_on(TODAY)["omsorgspenger"].outdated == ()


def test_when_it_has_ended_the_figure_is_gone_and_the_source_is_named(knowledge: Knowledge) -> None:
    late = ended(knowledge, "omsorgspenger", date(2026, 12, 31))
    assert "10 dager i året" in short(late, date(2026, 12, 31))
    after = late.topics_on(NEW_YEAR)["omsorgspenger"]
    assert "noen dager i året" in after.short.nb
    assert "nokre dagar i året" in after.short.nn
    assert "10 dager i året" not in " ".join(text.nb for _, text in reader_texts(after))
    assert [source.url for source in after.outdated] == ["https://lovdata.no/dokument/NL/lov/1997-02-28-19"]
    assert late.topics_on(NEW_YEAR)["permisjon"].outdated == ()


def test_the_day_before_it_begins_it_is_not_told(knowledge: Knowledge) -> None:
    assert "noen dager i året" in short(knowledge, date(2026, 3, 31))
    assert "10 dager i året" in short(knowledge, date(2026, 4, 1))


def test_the_new_rate_takes_over_on_its_first_day(knowledge: Knowledge) -> None:
    periods = [rate("10 dager", date(2026, 1, 1), date(2026, 12, 31)), rate("12 dager", NEW_YEAR)]
    both = with_rates(knowledge, [*others(knowledge), *periods])
    assert "10 dager i året" in short(both, date(2026, 12, 31))
    assert "12 dager i året" in short(both, NEW_YEAR)


def test_in_a_gap_between_two_periods_nothing_is_told(knowledge: Knowledge) -> None:
    periods = [rate("10 dager", date(2026, 1, 1), date(2026, 12, 31)), rate("12 dager", date(2027, 2, 1))]
    gap = with_rates(knowledge, [*others(knowledge), *periods])
    topic = gap.topics_on(date(2027, 1, 15))["omsorgspenger"]
    assert "noen dager i året" in topic.short.nb
    assert topic.outdated == (SOURCE,)


def test_the_navigator_tells_them_too(knowledge: Knowledge) -> None:
    rules = {rule.id: rule for rule in navigator_for(knowledge).rules}
    texts = " ".join(text.nb for rule in rules.values() for _, text in reader_texts(rule))
    assert "ti dager fri i året" in texts
    assert not set(PLACEHOLDER.findall(texts)) - {"kommune"}


def test_no_answer_breaks_a_limit_when_every_rate_has_ended(knowledge: Knowledge) -> None:
    for topic in knowledge.topics_on(date(2020, 1, 1)).values():
        for answer in (topic, *topic.variants):
            for malform in ("nb", "nn"):
                assert len(answer.short.in_(malform)) <= SHORT_LIMIT, topic.id
                assert sms_segments(answer.sms.in_(malform)) in (1, 2), topic.id


def test_an_ended_rate_is_found_and_is_due(knowledge: Knowledge) -> None:
    late = ended(knowledge, "omsorgsdager", date(2026, 12, 31))
    assert [f for f in check(late, date(2026, 12, 31)) if f.place == "rates"] == []
    (finding,) = [f for f in check(late, NEW_YEAR) if f.place == "rates"]
    assert (finding.entry, finding.field) == ("omsorgsdager", "valid_to")
    assert [item.entry for item in due(late, navigator_for(late), NEW_YEAR) if item.place == "rates"] == [
        "omsorgsdager"
    ]


def test_a_rate_no_topic_tells_is_found(knowledge: Knowledge) -> None:
    spare = rate("1 dag", TODAY).model_copy(update={"id": "ubrukt"})
    found = [
        f.problem
        for f in check(with_rates(knowledge, [*knowledge.rates, spare]), TODAY)
        if f.place == "rates"
    ]
    assert found == ["ingen emner bruker satsen"]


@pytest.mark.parametrize(
    "text",
    ["Du får 171 kroner", "1 200 kr i måneden", "Det er 20 prosent", "dekker 64 %", "10 dager i året",
     "ti dager fri i året", "10 ekstra dager per år", "15 dagar til i året", "opptil 60 dager"],
)  # fmt: skip
def test_a_figure_written_out_is_found(knowledge: Knowledge, text: str) -> None:
    assert loose_figures(text)
    spoiled = changed(knowledge, "topics", "klage", title=Text(nb=text, nn="Klage"))
    found = [f.problem for f in check(spoiled, TODAY) if f.entry == "klage"]
    assert any("rates.yaml" in problem for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "innen fire uker",
        "under 18 år",
        "Du har {omsorgspenger} i året",
        "høyst ti dager. Etter det",
        "paragraf 60",
    ],
)
def test_a_deadline_or_an_age_is_no_rate(text: str) -> None:
    assert loose_figures(text) == []


def test_periods_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Rates([rate("10 dager", date(2026, 1, 1)), rate("12 dager", NEW_YEAR)])
    with pytest.raises(ValueError, match="before"):
        rate("10 dager", NEW_YEAR, TODAY)
