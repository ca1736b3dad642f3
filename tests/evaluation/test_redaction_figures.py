"""A private number counts as hidden only when every sign of it is."""

from pathlib import Path

import pytest

from bot.evaluation.examples import EvaluationError
from bot.evaluation.redaction import (
    Masked,
    PrivateMessage,
    read_private,
    redact_all,
    redaction_figures,
    redaction_report,
)

TEXT = "Ring Kari på 90 00 00 01 eller Per på 90 00 00 01"


def private(*spans: tuple[str, str], text: str = TEXT) -> PrivateMessage:
    return PrivateMessage.model_validate(
        {"id": "r", "text": text, "spans": [{"kind": k, "text": t} for k, t in spans]}
    )


def place(words: str, after: int = 0) -> tuple[int, int]:
    start = TEXT.index(words, after)
    return start, start + len(words)


def test_half_a_number_is_not_hidden() -> None:
    start, end = place("90 00 00 01")
    figures = redaction_figures(
        [Masked(private(("telefon", "90 00 00 01")), (("telefon", (start, end - 2)),))]
    )
    assert figures["by_kind"]["telefon"]["recall"] == 0
    assert figures["false_masking"] == 0


def test_hidden_as_something_else_is_hidden_but_not_of_the_right_kind() -> None:
    figures = redaction_figures(
        [Masked(private(("telefon", "90 00 00 01")), (("konto", place("90 00 00 01")),))]
    )
    assert figures["by_kind"]["telefon"] == {"expected": 1, "recall": 1, "right_kind": 0}


def test_the_same_number_twice_must_be_hidden_twice() -> None:
    message = private(("telefon", "90 00 00 01"), ("telefon", "90 00 00 01"))
    once = Masked(message, (("telefon", place("90 00 00 01")),))
    twice = Masked(message, (*once.found, ("telefon", place("90 00 00 01", 30))))
    assert redaction_figures([once])["by_kind"]["telefon"]["recall"] == 0.5
    assert redaction_figures([twice])["by_kind"]["telefon"]["recall"] == 1


def test_a_mask_on_nothing_private_is_needless() -> None:
    rows = [Masked(private(), (("navn", place("Ring")),)), Masked(private(), ())]
    assert redaction_figures(rows)["false_masking"] == 0.5


def test_names_stand_apart_from_numbers() -> None:
    message = private(("navn", "Kari"), ("telefon", "90 00 00 01"))
    figures = redaction_figures([Masked(message, (("telefon", place("90 00 00 01")),))])
    assert figures["by_kind"]["navn"]["recall"] == 0
    assert figures["by_kind"]["all numbers and addresses"] == {"expected": 1, "recall": 1, "right_kind": 1}
    assert "below" in redaction_report(figures)


async def test_without_the_engine_names_are_neither_looked_for_nor_expected() -> None:
    rows = await redact_all(None, [private(("navn", "Kari"), ("telefon", "90 00 00 01"))])
    assert [span.kind for span in rows[0].message.spans] == ["telefon"]
    assert [kind for kind, _ in rows[0].found] == ["telefon", "telefon"]


def test_a_span_must_stand_in_its_text(tmp_path: Path) -> None:
    file = tmp_path / "redaction.jsonl"
    file.write_text(private(("navn", "Ola")).model_dump_json() + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="r: a span is not in the text"):
        read_private(file)
