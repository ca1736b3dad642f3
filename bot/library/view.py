"""What the pages for people show, made from the knowledge base in one written form. No HTML here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from bot.navigator_view import Words, day
from knowledge import OSLO, Contact, Hours, Knowledge, Kommune, Phone, RankedOffer, Reach, Topic
from knowledge.conditions import Conditions
from knowledge.groups import Group

REACH_TITLES: Final[Mapping[Reach, str]] = {
    "kommune": "kunnskap_i_kommunen",
    "naer": "kunnskap_naer",
    "fylke": "kunnskap_i_fylket",
    "regional": "kunnskap_regionalt",
    "nasjonal": "kunnskap_nasjonalt",
}
_ALL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Link:
    """Something to follow: what it says, where it leads, and more about it."""

    title: str
    url: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Some links under a heading."""

    title: str
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a service: what it is, what is shown, the address, and whether it is open."""

    kind: str
    shown: str
    url: str
    hours: str = ""
    state: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    """A service to reach."""

    id: str
    name: str
    audience: str
    caveat: str
    ways: Sequence[Way]
    notes: Sequence[str]
    seen: str


@dataclass(frozen=True, slots=True)
class VariantView:
    """An answer that holds for some: for whom, the answer, and steps when they are others."""

    when: str
    short: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer to use."""

    name: str
    about: str
    where: str
    schedule: str
    caveat: str
    ways: Sequence[Way]
    notes: Sequence[str]
    seen: str


def sections(words: Words, groups: Sequence[Group], base: str) -> list[Section]:
    """Return all topics in their groups."""
    return [
        Section(
            group.title.in_(words.malform),
            [topic_link(words, name, base) for name in group.topics if name in words.knowledge.topics],
        )
        for group in groups
    ]


def topic_link(words: Words, topic_id: str, base: str) -> Link:
    """Return the way to a topic, with its title and what it is about."""
    topic = words.knowledge.topics[topic_id]
    return Link(
        topic.title.in_(words.malform), base + topic_id, words.knowledge.intent_title(topic_id, words.malform)
    )


def related(words: Words, topic: Topic, base: str) -> list[Link]:
    """Return the ways to neighbouring topics."""
    return [topic_link(words, name, base) for name in topic.related if name in words.knowledge.topics]


def variants(topic: Topic, conditions: Conditions, malform: str) -> list[VariantView]:
    """Return the answers that hold only for some."""
    found = []
    for variant in topic.variants:
        when = conditions.describe(variant.when, malform)
        if when:
            steps = [step.in_(malform) for step in variant.steps]
            found.append(VariantView(when, variant.short.in_(malform), steps))
    return found


def reservations(words: Words, topic: Topic, now: datetime) -> list[str]:
    """Return what a reader must know about the entry itself: that it is unsure, or has waited for a review."""
    said = [words("usikkert_svar")] if topic.confidence == "usikker" else []
    if topic.outdated:
        addresses = dict.fromkeys(source.url for source in topic.outdated)
        said.append(words("sats_utgatt", adresse=" ".join(addresses)))
    if topic.is_overdue(now.astimezone(OSLO).date()):
        said.append(words("sist_gjennomgatt", dato=day(topic.reviewed)))
    return said


def contact_view(words: Words, contact: Contact, now: datetime) -> ContactView:
    """Return a contact with every way to reach it, and whether each is open at `now`."""
    malform = words.malform
    notes = [words("kunnskap_gratis")] if contact.cost == "free" else []
    if contact.anonymous == "yes":
        notes.append(words("kunnskap_anonym"))
    return ContactView(
        id=contact.id,
        name=contact.name,
        audience=contact.audience.in_(malform),
        caveat=contact.caveat.in_(malform) if contact.caveat else "",
        ways=list(_ways(words, contact, now)),
        notes=notes,
        seen=day(contact.seen),
    )


def contact_sections(words: Words, now: datetime) -> list[tuple[str, list[ContactView]]]:
    """Return all contacts under the headings of the files they are kept in, what hastens first."""
    knowledge = words.knowledge
    found: dict[str, list[ContactView]] = {}
    for name, contact in knowledge.contacts.items():
        title = f"kunnskap_kontakt_{knowledge.files[f'contacts/{name}'].stem}"
        known = title if title in knowledge.phrases else "kunnskap_kontakter"
        found.setdefault(known, []).append(contact_view(words, contact, now))
    ordered = [name for name in knowledge.phrases if name in found]
    return [(words(name), found[name]) for name in ordered]


def offer_sections(words: Words, kommune: Kommune, now: datetime) -> list[tuple[str, list[OfferView]]]:
    """Return all offers for a municipality: its own, near, county, region, the country."""
    ranked = words.knowledge.offers_for(kommune.number, None, None, _ALL)
    return [
        (words(REACH_TITLES[reach]), [_offer(words, item, now) for item in items])
        for reach, items in groupby(ranked, key=lambda item: item.reach)
    ]


def counties(knowledge: Knowledge, base: str) -> list[Section]:
    """Return the ways to every municipality's offers, by county."""
    ordered = sorted(knowledge.kommuner.values(), key=lambda k: (_order(k.fylke_name), _order(k.name)))
    return [
        Section(county, [Link(kommune.name, f"{base}tilbud/{kommune.number}") for kommune in members])
        for county, members in groupby(ordered, key=lambda kommune: kommune.fylke_name)
    ]


def _ways(words: Words, contact: Contact, now: datetime) -> Iterator[Way]:
    hours = contact.hours
    if contact.phone:
        yield _way(words, "kunnskap_ring", contact.phone.display, _tel(contact.phone), hours.phone, now)
    if contact.sms:
        shown, number = contact.sms.display, contact.sms.e164 or contact.sms.dial
        yield _way(words, "kunnskap_send_sms", shown, f"sms:{number}", hours.sms, now)
    if contact.chat:
        yield _way(words, "kunnskap_skriv_chat", _host(contact.chat), contact.chat, hours.chat, now)
    if contact.url and contact.url != contact.chat:
        yield Way(words("kunnskap_nettside"), _host(contact.url), contact.url)


def _way(words: Words, kind: str, shown: str, url: str, hours: Hours, now: datetime) -> Way:
    state = hours.open_at(now) if hours.status != "none" else None
    said = {True: "kunnskap_apent", False: "kunnskap_stengt", None: "kunnskap_ukjent_tid"}[state]
    return Way(words(kind), shown, url, hours.text(words.malform), words(said), state is True)


def _offer(words: Words, item: RankedOffer, now: datetime) -> OfferView:
    offer, malform = item.offer, words.malform
    away = words("kunnskap_avstand", km=round(item.distance_km)) if item.distance_km else ""
    notes = [words("kunnskap_gratis")] if offer.cost == "free" else []
    if offer.referral_needed:
        notes.append(words("kunnskap_henvisning"))
    return OfferView(
        name=offer.name,
        about=offer.about.in_(malform),
        where=", ".join(part for part in (offer.bydel, offer.place, away) if part),
        schedule=offer.schedule or "",
        caveat=offer.caveat.in_(malform) if offer.caveat else "",
        ways=list(_offer_ways(words, item, now)),
        notes=notes,
        seen=day(offer.seen),
    )


def _offer_ways(words: Words, item: RankedOffer, now: datetime) -> Iterator[Way]:
    offer = item.offer
    contact = words.knowledge.contacts.get(offer.contact or "")
    if contact:
        yield from (way for way in _ways(words, contact, now) if way.url != offer.url)
    if offer.phone:
        yield Way(words("kunnskap_ring"), offer.phone.display, _tel(offer.phone))
    if offer.url:
        yield Way(words("kunnskap_nettside"), _host(offer.url), offer.url)


def _tel(phone: Phone) -> str:
    return f"tel:{phone.e164 or phone.dial}"


def _host(url: str) -> str:
    """Return the part of an address that people know it by."""
    return url.split("//", 1)[1].split("/", 1)[0].removeprefix("www.")


def _order(name: str) -> str:
    """Return a sort key with å after æ and ø."""
    return name.casefold().replace("å", "\uffff")
