"""Text messages: the alphabet, the length, the choices by number."""

from actions import sms
from actions.reply import Button
from knowledge import sms_segments


def test_only_characters_that_every_phone_shows() -> None:
    assert sms.plain("«Hei» – sa hun… på Kárášjohka 👋") == '"Hei" - sa hun... på Karasjohka '


def test_parts_that_do_not_fit_are_left_out_but_never_the_first() -> None:
    assert sms.join(["kort", "x" * 500, "til slutt"]) == "kort\ntil slutt"
    assert (sms_segments(sms.join(["ord " * 300])) or 9) <= 3


def test_a_long_text_is_split_between_sentences_and_nothing_is_lost() -> None:
    text = " ".join(f"Dette er setning nummer {number}." for number in range(60))
    pages = sms.split(text)
    assert " ".join(pages) == text
    assert all((sms_segments(page) or 9) <= 3 and page.endswith(".") for page in pages)


def test_choices_without_room_are_not_offered() -> None:
    buttons = [Button(f"Valg nummer {number} med en lang tittel", "/x") for number in range(20)]
    text, shown = sms.with_choices("a" * 300, buttons, "Svar med tallet:")
    assert 0 < len(shown) < 20
    assert f"\n{len(shown)} {shown[-1].title}" in text
    assert (sms_segments(text) or 9) <= 3
