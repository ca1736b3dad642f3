"""A reply as the service stores and shows it: text that can stand alone, and what a screen can add to it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from knowledge import Contact, Source

Json = dict[str, Any]
Kind = Literal["answer", "offers", "question", "clarify", "crisis", "handover", "info"]


@dataclass(frozen=True, slots=True)
class Button:
    """A ready answer: what it says, and the intent (with entities) it stands for."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `entries` are the ids of what it was made from."""

    text: str
    kind: Kind
    entries: tuple[str, ...] = ()
    sources: tuple[Json, ...] = ()
    buttons: tuple[Button, ...] = ()
    contacts: tuple[Json, ...] = field(default=())

    def as_json(self) -> Json:
        """Return the message the dispatcher sends."""
        return {
            "text": self.text,
            "kind": self.kind,
            "sources": list(self.sources),
            "entries": list(self.entries),
            "buttons": [{"title": button.title, "payload": button.payload} for button in self.buttons],
            "contacts": list(self.contacts),
        }


def button(title: str, intent: str, **entities: str) -> Button:
    """Return a button that means `intent` with `entities`."""
    values = json.dumps(entities, ensure_ascii=False) if entities else ""
    return Button(title, f"/{intent}{values}")


def sources_of(sources: Iterable[Source], reviewed: date) -> tuple[Json, ...]:
    """Return sources as shown, with the day somebody last went through what they support."""
    return tuple(
        {"title": source.title, "url": source.url, "reviewed": reviewed.isoformat()} for source in sources
    )


def contact_line(contact: Contact, malform: str) -> str:
    """Return a contact as a line of text: name, number or address, hours, and its caveat when it has one."""
    reach = contact.phone.display if contact.phone else contact.url or contact.chat or ""
    hours = contact.hours_text(malform)
    line = f"{contact.name}: {reach}" + (f" ({hours})" if hours else "")
    return f"{line}. {contact.caveat.in_(malform)}" if contact.caveat else line
