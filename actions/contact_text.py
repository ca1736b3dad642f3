"""The helplines somebody asked for made into a reply: how to reach each, when, whom it is for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from actions import sms
from actions.reply import Reply, contact_line, sources_of
from actions.turn import Turn
from knowledge import OSLO, Contact

PREFIX: Final = (
    "kontakt"  # of the service's answers (entity `svar`) that name a contact: "kontakt:demenslinjen"
)
SMS_CONTACTS: Final = 3


def asked_contacts(turn: Turn) -> list[Contact]:
    """Return the contacts that the message asks for, as the service found them."""
    values = (str(entity.get("value")) for entity in turn.entities if entity.get("entity") == "svar")
    named = (name for prefix, _, name in (value.partition(":") for value in values) if prefix == PREFIX)
    return [turn.knowledge.contacts[name] for name in named if name in turn.knowledge.contacts]


def contacts_reply(turn: Turn, contacts: Sequence[Contact]) -> Reply:
    """Return how to reach `contacts`, with a number to tap for each."""
    shown = contacts[:SMS_CONTACTS] if turn.is_sms else contacts
    if turn.is_sms:
        text = sms.join([contact_line(contact, turn.malform) for contact in shown])
    else:
        text = "\n\n".join(_block(turn, contact) for contact in shown)
    first = next((source for contact in shown for source in contact.sources[:1]), None)
    return turn.finish(
        Reply(
            text=text,
            kind="answer",
            entries=tuple(contact.id for contact in shown),
            sources=sources_of([first], shown[0].seen) if first else (),
            buttons=(turn.person,),
            contacts=tuple(contact.card(turn.malform) for contact in shown),
        )
    )


def _block(turn: Turn, contact: Contact) -> str:
    return "\n".join(
        (
            contact_line(contact, turn.malform),
            " ".join((contact.audience.in_(turn.malform), *_notes(turn, contact))),
        )
    )


def _notes(turn: Turn, contact: Contact) -> list[str]:
    """Return what else helps to choose: other ways to write, whether it is open now, what it costs."""
    state = {True: "kunnskap_apent", False: "kunnskap_stengt", None: ""}[contact.open_at(datetime.now(OSLO))]
    ways = [
        f"{turn.phrase('kunnskap_send_sms')}: {contact.sms.display}" if contact.sms else "",
        f"{turn.phrase('kunnskap_skriv_chat')}: {contact.chat}" if contact.chat and contact.phone else "",
    ]
    notes = [
        turn.phrase(state) if state else "",
        turn.phrase("kunnskap_gratis") if contact.cost == "free" else "",
        turn.phrase("kunnskap_anonym") if contact.anonymous == "yes" else "",
    ]
    return [f"{note}." for note in notes if note] + [way for way in ways if way]
