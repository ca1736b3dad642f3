"""The figures of merit say what their names promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.metrics import (
    Score,
    calibration_error,
    coverage_at,
    covered_from,
    macro_f1,
    margin,
    percentile,
    share,
)

ROWS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50)


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(0, 0) == 0


def test_a_score_knows_precision_recall_and_f1() -> None:
    score = Score(right=6, wrong=2, missed=4)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert score + Score(1, 1, 1) == Score(7, 3, 5)


def test_macro_f1_counts_each_expected_class_once() -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "a"), ("b", "a"), ("c", "x")]
    # a: 3 right, 1 wrong; b and c never found; x was not expected and does not count.
    assert macro_f1(pairs) == pytest.approx((6 / 7 + 0 + 0) / 3)


def test_percentiles_are_values_that_occurred() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert (percentile(values, 50), percentile(values, 95), percentile([], 50)) == (3.0, 5.0, 0.0)


def test_the_margin_shrinks_with_the_number_of_messages() -> None:
    assert margin(0.8, 100) == pytest.approx(0.077, abs=0.002)
    assert margin(0.8, 1000) < margin(0.8, 100) / 3
    assert margin(0.8, 0) == 0


def test_confidence_that_is_always_right_about_itself_has_no_calibration_error() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0)
    assert calibration_error([(1.0, False)]) == 1.0
    assert calibration_error([]) == 0


def test_coverage_keeps_the_most_messages_that_hold_the_precision() -> None:
    rows = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, True), (0.4, False)]
    found = coverage_at(rows, 0.8)
    assert found is not None
    assert (found.threshold, found.precision) == (0.5, 0.8)
    assert found.coverage == pytest.approx(5 / 6)


def test_messages_of_one_confidence_are_kept_or_left_together() -> None:
    assert coverage_at([(0.9, True), (0.9, False)], 0.95) is None


@given(ROWS)
def test_the_threshold_gives_the_coverage_it_promises(rows: list[tuple[float, bool]]) -> None:
    found = coverage_at(rows, 0.9)
    if found is not None:
        assert covered_from(rows, found.threshold) == found
        assert found.precision >= 0.9
