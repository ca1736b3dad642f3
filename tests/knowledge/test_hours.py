"""Opening hours are right on the clock in Norway, and never promise more than is known."""

from datetime import UTC, datetime

import pytest

from knowledge import OSLO, Hours

WEEKDAYS_9_15 = Hours(
    status="weekly",
    confidence="sikker",
    weekly=dict.fromkeys(("man", "tir", "ons", "tor", "fre"), (("09:00", "15:00"),)),
)
ALWAYS = Hours(status="always", confidence="sikker")


def oslo(text: str) -> datetime:
    """Return a moment on the Norwegian clock."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-25 08:59", False),
        ("2026-11-25 09:00", True),
        ("2026-11-25 14:59", True),
        ("2026-11-25 15:00", False),
        ("2026-11-28 12:00", False),  # Saturday
    ],
)
def test_weekly_hours_open_and_close_on_the_minute(at: str, is_open: bool) -> None:
    assert WEEKDAYS_9_15.open_at(oslo(at)) is is_open


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2026-03-27 07:30", False),  # the Friday before summer time: 08:30 in Oslo
        ("2026-03-27 08:30", True),
        ("2026-03-30 07:30", True),  # the Monday after: 09:30 in Oslo
        ("2026-03-30 06:30", False),
        ("2026-10-23 07:30", True),  # the Friday before winter time: 09:30 in Oslo
        ("2026-10-26 07:30", False),  # the Monday after: 08:30 in Oslo
        ("2026-10-26 08:30", True),
    ],
)
def test_hours_follow_daylight_saving(utc: str, is_open: bool) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert WEEKDAYS_9_15.open_at(moment) is is_open


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-04-02",
        "2026-04-06",
        "2026-05-14",
        "2026-05-25",
        "2026-12-24",
        "2026-12-25",
        "2027-05-17",
    ],
)
def test_weekly_hours_are_unknown_on_public_holidays(day: str) -> None:
    assert WEEKDAYS_9_15.open_at(oslo(f"{day} 12:00")) is None


def test_round_the_clock_holds_on_holidays_too() -> None:
    assert ALWAYS.open_at(oslo("2026-12-25 03:00")) is True


def test_a_span_over_midnight_is_open_on_both_sides() -> None:
    night = Hours(
        status="weekly",
        confidence="sikker",
        weekly={"tir": (("18:30", "24:00"),), "ons": (("00:00", "01:30"),)},
    )
    assert night.open_at(oslo("2026-11-24 23:59")) is True
    assert night.open_at(oslo("2026-11-25 01:29")) is True
    assert night.open_at(oslo("2026-11-25 01:30")) is False


def test_unsure_hours_are_neither_told_nor_counted_on() -> None:
    unsure = WEEKDAYS_9_15.model_copy(update={"confidence": "usikker"})
    assert unsure.open_at(oslo("2026-11-25 12:00")) is None
    assert unsure.text("nb") == ""


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        ALWAYS.open_at(datetime(2026, 11, 25, 12, 0))


def test_hours_are_said_in_both_written_forms() -> None:
    assert WEEKDAYS_9_15.text("nb") == "mandag-fredag 09-15"
    assert WEEKDAYS_9_15.text("nn") == "måndag-fredag 09-15"
    assert ALWAYS.text("nb") == "hele døgnet"
    assert ALWAYS.text("nn") == "heile døgnet"


def test_days_with_the_same_hours_are_said_together() -> None:
    every_day = ("man", "tir", "ons", "tor", "fre", "lor", "son")
    chat = Hours(
        status="weekly",
        confidence="sikker",
        weekly={day: (("16:15", "23:45" if day == "lor" else "22:45"),) for day in every_day},
    )
    assert chat.text("nb") == "mandag-fredag 16.15-22.45, lørdag 16.15-23.45, søndag 16.15-22.45"
    same = Hours(status="weekly", confidence="sikker", weekly=dict.fromkeys(every_day, (("14:00", "22:00"),)))
    assert same.text("nn") == "alle dagar 14-22"


def test_next_opening_skips_weekends_and_holidays() -> None:
    assert WEEKDAYS_9_15.next_opening(oslo("2026-11-27 16:00")) == oslo("2026-11-30 09:00")
    assert WEEKDAYS_9_15.next_opening(oslo("2026-12-23 16:00")) == oslo("2026-12-28 09:00")
    assert WEEKDAYS_9_15.next_opening(oslo("2026-11-25 12:00")) is None


@pytest.mark.parametrize("spans", [(("15:00", "09:00"),), (("9:00", "15:00"),), (("09:00", "25:00"),)])
def test_impossible_hours_are_refused(spans: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match=r"man|clock"):
        Hours(status="weekly", weekly={"man": spans})
