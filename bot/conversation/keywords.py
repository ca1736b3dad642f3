"""Words that have one meaning by SMS, whatever the engine thinks: STOPP, START, SLETT, and the ways to a person."""

from enum import StrEnum


class Keyword(StrEnum):
    """What a keyword does."""

    STOP = "stop"
    START = "start"
    ERASE = "erase"


_KEYWORDS = {
    "stopp": Keyword.STOP,
    "stop": Keyword.STOP,
    "start": Keyword.START,
    "slett": Keyword.ERASE,
    "slett alt": Keyword.ERASE,
}
_PAYLOADS = {
    "menneske": "/snakke_med_menneske",
    "beskjed": "/snakke_med_menneske",
    "ring": "/ring_meg_opp",
    "mer": "/utdyp",
    "meir": "/utdyp",
}


def keyword_of(text: str) -> Keyword | None:
    """Return the keyword that an SMS consists of, if it does."""
    return _KEYWORDS.get(_bare(text))


def payload_of(text: str) -> str | None:
    """Return the button payload that an SMS of one word stands for."""
    return _PAYLOADS.get(_bare(text))


def _bare(text: str) -> str:
    return text.strip(" .!\n\t\"'").lower()
