"""Offers to relatives made into a reply: what is where, which kind it is, how to reach it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from actions import sms
from actions.places import in_words
from actions.reply import Button, Reply
from actions.turn import Turn
from knowledge import Contact, Offer, Phone, RankedOffer, Reach

Json = dict[str, Any]

WIDGET_OFFERS: Final = 5
SMS_OFFERS: Final = 3
GENERAL: Final = "lokale_tilbud"
GIVEN_UP: Final = 2  # vain attempts at the kommune after which it is not asked for again
_ALL: Final = 200


def offers_reply(turn: Turn, *, topic: str = GENERAL, limit: int | None = None, page: int = 0) -> Reply:
    """Return the offers for the relative's kommune (the whole country when it is not known), nearest first.

    `page` leaves out what was shown before. Without further offers the reply says so.
    """
    size = min(limit or WIDGET_OFFERS, SMS_OFFERS if turn.is_sms else WIDGET_OFFERS)
    ranked = _ranked(turn, topic, size, page)
    if not ranked:
        return turn.say("ikke_mer", "offers", (turn.person,))
    lines = [_intro(turn, ranked, page), *_lines(turn, ranked)]
    if turn.is_sms:
        text = sms.join(lines)
    else:
        text = "\n\n".join(part for part in (*lines, turn.phrase("tilbud_forbehold")) if part)
    return turn.finish(
        Reply(
            text=text,
            kind="offers",
            entries=tuple(item.offer.id for item in ranked),
            sources=tuple(source for item in ranked if (source := _source(item.offer))),
            buttons=_buttons(turn, topic),
            contacts=tuple(card for item in ranked if (card := _card(turn, item.offer))),
        )
    )


def _ranked(turn: Turn, topic: str, size: int, page: int) -> list[RankedOffer]:
    """The first page keeps a place for a national offer; the next ones go on in order without what was there."""
    facts = turn.facts
    first = turn.knowledge.offers_for(facts["kommune"], topic, facts["tilstand"], size)
    if page == 0:
        return first
    everything = turn.knowledge.offers_for(facts["kommune"], topic, facts["tilstand"], _ALL)
    shown = {item.offer.id for item in first}
    rest = [item for item in everything if item.offer.id not in shown]
    return rest[(page - 1) * size : page * size]


def _intro(turn: Turn, ranked: Sequence[RankedOffer], page: int) -> str:
    kommune = turn.knowledge.kommuner.get(turn.facts["kommune"] or "")
    if page:
        return ""
    if kommune is None and turn.count("kommune_forsok") >= GIVEN_UP and turn.intent != "avkreft":
        return turn.phrase("kommune_ukjent", wording=1)
    if kommune is None:
        return turn.phrase("tilbud_nasjonal_uten_kommune")
    if all(item.reach == "nasjonal" for item in ranked):
        return turn.phrase("tilbud_ingen_lokale", kommune=in_words(kommune, turn.knowledge))
    return ""


def _lines(turn: Turn, ranked: Sequence[RankedOffer]) -> list[str]:
    """Return a block for each kind of nearness, with a heading; by text message each offer is a block."""
    blocks: list[str] = []
    for reach, items in groupby(ranked, key=lambda item: item.reach):
        heading = _heading(turn, reach)
        said = [_line(turn, item) for item in items]
        if turn.is_sms:
            blocks += [f"{heading} {said[0]}".strip(), *said[1:]]
        else:
            blocks.append("\n".join([heading, *said]).strip())
    return blocks


def _heading(turn: Turn, reach: Reach) -> str:
    kommune = turn.knowledge.kommuner.get(turn.facts["kommune"] or "")
    if reach == "kommune" and kommune:
        return turn.phrase("tilbud_kommune", kommune=in_words(kommune, turn.knowledge))
    if reach == "fylke" and kommune:
        return turn.phrase("tilbud_fylke", fylke=kommune.fylke_name)
    return turn.phrase(f"tilbud_{reach}") if kommune else ""


def _line(turn: Turn, item: RankedOffer) -> str:
    offer, malform = item.offer, turn.malform
    phone = _phone(turn, offer)
    reach = phone.display if phone else offer.url or ""
    if turn.is_sms:
        return f"{offer.name}: {reach}" if reach else offer.name
    away = turn.phrase("etikett_avstand", km=round(item.distance_km)) if item.distance_km else ""
    where = ", ".join(part for part in (offer.bydel, offer.place, away) if part)
    head = f"- {offer.name}" + (f" ({where})" if where else "")
    parts = [
        offer.about.in_(malform),
        offer.schedule or "",
        reach,
        offer.caveat.in_(malform) if offer.caveat else "",
    ]
    return f"{head}: " + " ".join(
        part if part.endswith(".") or part == reach else f"{part}." for part in parts if part
    )


def _contact(turn: Turn, offer: Offer) -> Contact | None:
    return turn.knowledge.contacts.get(offer.contact) if offer.contact else None


def _phone(turn: Turn, offer: Offer) -> Phone | None:
    contact = _contact(turn, offer)
    return offer.phone or (contact.phone if contact else None)


def _card(turn: Turn, offer: Offer) -> Json | None:
    """Return a number to tap, None for an offer without one."""
    contact = _contact(turn, offer)
    if contact and contact.phone:
        return contact.card(turn.malform)
    if offer.phone is None:
        return None
    phone = offer.phone
    return {
        "id": offer.id,
        "name": offer.name,
        "display": phone.display,
        "dial": phone.e164 or phone.dial,
        "hours": None,
        "url": offer.url,
    }


def _source(offer: Offer) -> Json | None:
    if offer.url:
        return {"title": offer.name, "url": offer.url, "reviewed": offer.seen.isoformat()}
    first = next(iter(offer.sources), None)
    return {"title": first.title, "url": first.url, "reviewed": offer.seen.isoformat()} if first else None


def _buttons(turn: Turn, topic: str) -> tuple[Button, ...]:
    """Offers under a topic's answer lead on to all offers: "more" would be more about the topic."""
    return (turn.more if topic == GENERAL else turn.titled(GENERAL), turn.person)
