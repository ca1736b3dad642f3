"""`review` lists what is due, oldest first, on any day one pretends it is."""

from datetime import date, timedelta

import pytest

from knowledge import Knowledge
from knowledge.check import SEEN_LIMIT
from knowledge.navigator_loader import load_navigator
from knowledge.review import Due, due
from tests.knowledge.changed import changed

NAVIGATOR = load_navigator()
TODAY = date(2026, 11, 25)


def test_nothing_is_due_in_what_is_shipped(knowledge: Knowledge) -> None:
    assert due(knowledge, NAVIGATOR, TODAY) == []


def test_what_has_waited_longest_comes_first(knowledge: Knowledge) -> None:
    late = changed(knowledge, "topics", "demens", next_review=date(2026, 3, 1))
    late = changed(late, "topics", "klage", next_review=date(2026, 1, 1))
    late = changed(late, "topics", "rus", next_review=TODAY)
    assert [item.entry for item in due(late, NAVIGATOR, TODAY)] == ["klage", "demens", "rus"]


def test_in_a_far_year_everything_is_due(knowledge: Knowledge) -> None:
    items = due(knowledge, NAVIGATOR, date(2036, 1, 1))
    parts = (knowledge.topics, knowledge.crisis, knowledge.contacts, knowledge.offers)
    assert len(items) == sum(len(part) for part in parts) + 1
    assert {item.place for item in items} == {"topics", "crisis", "contacts", "offers", "navigator"}
    assert items == sorted(items)


@pytest.mark.parametrize(("days", "found"), [(0, True), (-1, False)])
def test_an_offer_is_due_a_year_after_it_was_seen(knowledge: Knowledge, days: int, found: bool) -> None:
    name, offer = next(iter(knowledge.offers.items()))
    items = due(knowledge, NAVIGATOR, offer.seen + SEEN_LIMIT + timedelta(days=days))
    assert (name in {item.entry for item in items if item.place == "offers"}) is found


def test_a_line_says_where_since_when_and_when_it_was_last_seen_to() -> None:
    item = Due(date(2026, 3, 1), "topics", "demens", date(2025, 3, 1))
    assert str(item) == "2026-03-01  topics: demens (sist 2025-03-01)"
