"""Noise as people type it on a phone: lower case, no punctuation, missing æøå, slips of the keys, words left out."""

from __future__ import annotations

import re

import numpy as np

WITHOUT_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})
KEYS = "qwertyuiopåasdfghjkløæzxcvbnm"
PUNCTUATION = re.compile(r"[.,!?;:]")
LOWER, BARE, FLAT = 0.6, 0.5, 0.25  # shares of the messages: in lower case, without punctuation, without æøå
LEFT_OUT, SLIP = 0.06, 0.1  # shares of the words


def noisy(text: str, rng: np.random.Generator) -> str:
    """Return the text with some noise of each kind."""
    if rng.random() < LOWER:
        text = text.lower()
    if rng.random() < BARE:
        text = PUNCTUATION.sub(" ", text)
    if rng.random() < FLAT:
        text = text.translate(WITHOUT_LETTERS)
    words = []
    for word in text.split():
        chance = rng.random()
        if chance < LEFT_OUT and len(word) > 1:
            continue
        words.append(_slipped(word, rng) if LEFT_OUT < chance < LEFT_OUT + SLIP and len(word) > 3 else word)
    return " ".join(words) or text


def _slipped(word: str, rng: np.random.Generator) -> str:
    """Return the word with a letter lost, doubled, exchanged with the next one, or hit on the key beside."""
    place, kind = int(rng.integers(0, len(word) - 1)), int(rng.integers(0, 4))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    if kind == 0:
        return before + after
    if kind == 1:
        return before + letter + letter + after
    if kind == 2:
        return before + after[0] + letter + after[1:]
    key = KEYS.find(letter)
    return before + (KEYS[(key + 1) % len(KEYS)] if key >= 0 else letter) + after
