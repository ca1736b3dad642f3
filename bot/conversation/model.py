"""What a conversation is made of: its states and the moves between them, replies, and what a reader sees."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class State(StrEnum):
    """Who has the conversation: the bot, nobody yet, a counselor; or it rests."""

    BOT = "bot"
    WAITING = "waiting"
    COUNSELOR = "counselor"
    CALLBACK = "callback"
    CLOSED = "closed"


class Move(StrEnum):
    """What may happen to a conversation."""

    ASK_PERSON = "ask_person"  # the relative or the bot wants a person, and one is on duty
    ASK_LATER = "ask_later"  # the same, with nobody on duty, or the relative wants a call
    DANGER = "danger"
    CLAIM = "claim"
    PUT_BACK = "ko_overfort"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    REOPEN = "reopen"


_BOT, _WAITING, _COUNSELOR, _CALLBACK, _CLOSED = State

# The whole life of a conversation. A move that is not here cannot happen.
MOVES: dict[tuple[State, Move], State] = {
    (_BOT, Move.ASK_PERSON): _WAITING,
    (_BOT, Move.ASK_LATER): _CALLBACK,
    (_BOT, Move.DANGER): _WAITING,
    (_BOT, Move.CLAIM): _COUNSELOR,
    (_BOT, Move.CLOSE): _CLOSED,
    (_WAITING, Move.ASK_PERSON): _WAITING,
    (_WAITING, Move.ASK_LATER): _WAITING,
    (_WAITING, Move.DANGER): _WAITING,
    (_WAITING, Move.CLAIM): _COUNSELOR,
    (_WAITING, Move.CLOSE): _CLOSED,
    (_COUNSELOR, Move.DANGER): _COUNSELOR,
    (_COUNSELOR, Move.PUT_BACK): _WAITING,
    (_COUNSELOR, Move.HAND_BACK): _BOT,
    (_COUNSELOR, Move.CLOSE): _CLOSED,
    (_CALLBACK, Move.ASK_PERSON): _WAITING,
    (_CALLBACK, Move.ASK_LATER): _CALLBACK,
    (_CALLBACK, Move.DANGER): _WAITING,
    (_CALLBACK, Move.CLAIM): _COUNSELOR,
    (_CALLBACK, Move.CLOSE): _CLOSED,
    (_CLOSED, Move.REOPEN): _BOT,
    (_CLOSED, Move.DANGER): _WAITING,
}


class Author(StrEnum):
    """Who wrote a message."""

    RELATIVE = "relative"
    BOT = "bot"
    COUNSELOR = "counselor"
    SYSTEM = "system"


class Shown(BaseModel):
    """Base of what is shown to people: unchangeable."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Source(Shown):
    """Where an answer comes from, and when it was last reviewed (ISO date)."""

    title: str
    url: str
    reviewed: str | None = None


class Button(Shown):
    """A ready answer; the payload is "/intent" or "/intent{...}" with entities as JSON."""

    title: str
    payload: str


class ContactLine(Shown):
    """A number to call, with its hours in words."""

    id: str
    name: str
    display: str | None = None
    dial: str | None = None
    hours: str | None = None
    url: str | None = None


class Reply(Shown):
    """One message to the relative. `text` alone must carry what matters: SMS and screen readers get just that."""

    text: str
    kind: str = "info"
    sources: tuple[Source, ...] = ()
    entries: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    contacts: tuple[ContactLine, ...] = ()

    def body(self) -> dict[str, Any]:
        """Return what is stored, encrypted."""
        return self.model_dump(mode="json", exclude={"kind"})


class Why(Shown):
    """Why a message was taken for danger: words that rules took, and how likely the statistical layer finds it."""

    words: tuple[str, ...]
    likelihood: float | None


class Item(Shown):
    """A message as a reader gets it. `id` is the sender's own id, for the sender; `danger` is for counselors."""

    seq: int
    author: Author
    kind: str
    text: str
    sources: tuple[Source, ...] = ()
    entries: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    at: datetime
    id: str | None = None
    name: str | None = None
    delivery: str | None = None
    danger: Why | None = None


class RefusedError(Exception):
    """What was asked cannot be done; `code` says why, and the phrase of that id tells the relative."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
