"""Our own words in a conversation: phrases and contacts from the knowledge base made into replies."""

from collections.abc import Iterable

import phonenumbers

from bot.conversation.model import Button, ContactLine, Reply
from bot.conversation.service import Service
from bot.store.conversations import Conversation
from knowledge import Contact
from knowledge.vocabulary import Channel


def phrase(
    service: Service,
    conversation: Conversation,
    phrase_id: str,
    *,
    kind: str = "info",
    contacts: Iterable[Contact] = (),
    turn: int = 0,
    **fields: str | int,
) -> Reply:
    """Return the phrase of the knowledge base as a reply, with the helpline's own details filled in.

    `turn` counts how often it has been said in this conversation: other words each time.
    """
    text = service.knowledge.phrases[phrase_id]
    channel, malform = conversation.channel, conversation.malform
    shown = list(contacts)
    values = own_details(service, malform) | {name: str(value) for name, value in fields.items()}
    values.setdefault("alternativer", contact_list(service, shown, conversation))
    return Reply(
        text=text.render(malform, "sms" if channel == "sms" else "widget", turn, **values).strip(),
        kind=kind,
        entries=(phrase_id,),
        buttons=tuple(Button(title=b.label.in_(malform), payload=f"/{b.intent}") for b in text.buttons),
        contacts=tuple(contact_line(contact, malform) for contact in shown),
    )


def own_details(service: Service, malform: str) -> dict[str, str]:
    """Return the helpline's name, hours, number and e-mail for the placeholders of phrases; empty if not set."""
    phrases, settings = service.knowledge.phrases, service.settings
    return {
        "tjeneste": settings.helpline_name,
        "dager": str(settings.content_days),
        "timer": settings.helpline_hours or phrases["egne_timer_ukjent"].wording(malform),
        "nummer": settings.helpline_phone or "",
        "epost": settings.helpline_email or "",
        "nettsted": settings.public_url or f"http://{settings.host}:{settings.port}",
    }


def contact_line(contact: Contact, malform: str) -> ContactLine:
    """Return a contact as the widget shows it: tap to call."""
    return ContactLine.model_validate(contact.card(malform))


def contact_list(service: Service, contacts: Iterable[Contact], conversation: Conversation) -> str:
    """Return contacts as lines of text: name, number, hours; by SMS on one line."""
    line = service.knowledge.phrases["alternativ_linje"]
    malform = conversation.malform
    channel: Channel = "sms" if conversation.channel == "sms" else "widget"
    lines = [
        line.render(
            malform,
            channel,
            navn=contact.name,
            nummer=contact.phone.display if contact.phone else contact.url or "",
            tider=contact.hours_text(malform),
        )
        for contact in contacts
    ]
    return (" " if channel == "sms" else "\n").join(text.replace(" ()", "") for text in lines)


def shown_number(e164: str) -> str:
    """Return a number as Norwegians write it."""
    return phonenumbers.format_number(
        phonenumbers.parse(e164, "NO"),
        phonenumbers.PhoneNumberFormat.NATIONAL
        if e164.startswith("+47")
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    )


def alternatives(service: Service, under_18: bool = False) -> list[Contact]:
    """Return services that are open now, for when we have nobody."""
    return service.knowledge.open_alternatives(service.now(), under_18=under_18)
