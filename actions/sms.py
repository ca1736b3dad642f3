"""Text messages: only characters every phone shows, at most three segments, choices by number."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from actions.reply import Button
from knowledge import gsm7_misfits, sms_segments

SEGMENTS: Final = 3
PAGE: Final = 2  # segments of a page of details; the third is for the choices under it

_REPLACED: Final = str.maketrans(
    {
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
    }
)
_SENTENCE: Final = re.compile(r"(?<=[.!?:])\s+")


def plain(text: str) -> str:
    """Return `text` in the alphabet of text messages; what has no counterpart there is left out."""
    replaced = text.translate(_REPLACED)
    misfits = set(gsm7_misfits(replaced))
    return "".join(_base_letter(char) if char in misfits else char for char in replaced)


def _base_letter(char: str) -> str:
    """Return a letter without its accent (Sami place names), or nothing."""
    base = unicodedata.normalize("NFKD", char)[:1]
    return "" if gsm7_misfits(base) else base


def fits(text: str, segments: int = SEGMENTS) -> bool:
    """Return whether `text` can be sent as one text message."""
    return (sms_segments(text) or segments + 1) <= segments


def join(parts: Sequence[str]) -> str:
    """Return as many of `parts`, each on a line of its own, as fit; the first is always there."""
    chosen: list[str] = []
    for part in filter(None, map(plain, parts)):
        if fits("\n".join([*chosen, part])):
            chosen.append(part)
        elif not chosen:
            chosen.append(split(part)[0])
    return "\n".join(chosen)


def split(text: str, segments: int = SEGMENTS) -> list[str]:
    """Return `text` as messages that each fit, divided between sentences (words, where one is too long)."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(plain(text).strip()):
        for part in [sentence] if fits(sentence, segments) else sentence.split():
            if pieces and fits(f"{pieces[-1]} {part}", segments):
                pieces[-1] = f"{pieces[-1]} {part}"
            else:
                pieces.append(part)
    return pieces


def with_choices(text: str, buttons: Sequence[Button], invitation: str) -> tuple[str, tuple[Button, ...]]:
    """Return `text` with the buttons as numbered choices, and the buttons there was room for, in that order."""
    message, shown = plain(text), 0
    for number, choice in enumerate(buttons, start=1):
        lead = f"\n{plain(invitation)}" if number == 1 else ""
        longer = f"{message}{lead}\n{number} {plain(choice.title)}"
        if not fits(longer):
            break
        message, shown = longer, number
    return message, tuple(buttons[:shown])
