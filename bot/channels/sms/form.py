"""The form of an SMS: plain text, in the GSM-7 alphabet where that loses nothing."""

from typing import Any

# Typographic marks that would double the price and halve the room, and their plain forms.
_PLAIN = str.maketrans(
    {
        "«": '"', "»": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...",
        "•": "-", "\u00a0": " ", "´": "'", "`": "'", "→": "-",
    }
)  # fmt: skip


def sms_text(body: dict[str, Any]) -> str:
    """Return a stored message as an SMS: its text, plain. Whoever wrote it has put the choices in the text."""
    return str(body["text"]).translate(_PLAIN)
