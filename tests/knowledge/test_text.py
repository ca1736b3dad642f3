"""Texts: which form is used, what a text message holds, how hard something is to read."""

import pytest

from knowledge import Text, gsm7_misfits, lix, sms_segments


def test_without_nynorsk_the_bokmal_text_is_used() -> None:
    assert Text(nb="Hei", nn="Hallo").in_("nn") == "Hallo"
    assert Text(nb="Hei").in_("nn") == "Hei"
    assert Text(nb="Hei", nn="Hallo").in_("nb") == "Hei"


@pytest.mark.parametrize(
    ("text", "segments"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 459, 3), ("a" * 460, 4), ("€" * 80, 1),
     ("æøåÆØÅé@", 1), ("", 1), ("«", None), ("a–b", None)],
)  # fmt: skip
def test_segments_of_a_text_message(text: str, segments: int | None) -> None:
    assert sms_segments(text) == segments


def test_characters_that_do_not_fit_are_named_once() -> None:
    assert gsm7_misfits("«hei» – «du»") == "«»–"


def test_readability_counts_long_words_and_sentences_and_leaves_addresses_out() -> None:
    assert lix("Du er her. Vi er her.") == pytest.approx(3)
    assert lix("Pasientrettighetsloven gjelder.") == pytest.approx(2 + 100)
    assert lix("Les mer. https://www.helsenorge.no/parorende/") == pytest.approx(lix("Les mer."))
    assert lix("") == 0
