"""Danger has a model of its own, and a long message is read whole for it."""

from __future__ import annotations

import pytest
from components import encoder as encoding
from components.encoder import LONGEST, MIDDLES, middles, shortened
from components.intent_model import IntentModel

DANGER = ["han vil ta livet sitt", "hun puster ikke", "han slår meg", "æ vil døø", "ho vil ta livet av seg"]
OTHER = [
    "vi trenger avlastning",
    "hvor søker jeg",
    "takk for hjelpen",
    "hun puster lettere nå",
    "klage på vedtak",
]


@pytest.fixture(scope="module")
def model():
    return IntentModel().fit(DANGER * 2 + OTHER * 2, ["krise_vold"] * 10 + ["avlastning"] * 10)


def test_danger_is_likelier_in_words_of_danger(model):
    assert model.read("hun vil ta livet sitt").danger > 0.5 > model.read("hvor søker vi avlastning").danger


def test_without_crisis_intents_there_is_no_danger():
    assert IntentModel().fit(OTHER + DANGER, ["a"] * 5 + ["b"] * 5).read("han slår meg").danger == 0.0


@pytest.mark.parametrize("length", [1, LONGEST, LONGEST + 1, 3 * LONGEST, 5 * LONGEST + 7])
def test_what_is_left_out_of_a_long_message_is_read_for_danger(length):
    numbers = list(range(length))
    read = [*shortened(numbers), *(number for part in middles(numbers) for number in part)]
    assert sorted(read) == numbers
    assert all(len(part) <= LONGEST for part in middles(numbers))


def test_reading_for_danger_has_an_end():
    assert len(middles(list(range(10_000)))) == MIDDLES


def test_danger_in_the_middle_of_a_long_message_is_seen():
    about = (
        "Vi har søkt om avlastning og venter på svar fra kommunen, og jeg lurer på hvordan vi klager på det. "
    )
    encoder = encoding.shipped()
    calm = encoder.opinion(about * 8)[-1]
    hidden = encoder.opinion(about * 4 + "Han sier at han skal ta livet sitt i kveld. " + about * 4)[-1]
    assert hidden > calm + 1
