"""Find what is wrong in a knowledge base that loads: what a schema cannot see.

`check` looks at the whole: references, both written forms, text message limits, phone numbers, sources, rates,
review dates, readability, whether every intent has an answer, and whether every entry can be reached. Findings are
read by editors, so they are in Norwegian.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel

from knowledge.contact import Contact
from knowledge.contact_search import Lookup, load_asking
from knowledge.crisis_answer import Crisis
from knowledge.loader import Knowledge, load_knowledge
from knowledge.offer import Offer, rank_offers
from knowledge.rates import Rate, loose_figures
from knowledge.schema import REPLY_SMS_LIMIT, SHORT_LIMIT, TOPIC_SMS_LIMIT, Ask, Phrase, Topic
from knowledge.text import Text, gsm7_length, gsm7_misfits, lix
from knowledge.vocabulary import SAID_FACTS

LIX_LIMIT = 45.0
LIX_MIN_WORDS = 15
SEEN_LIMIT = timedelta(days=365)

# Longer texts first, so that "116 117" is not read as "116". Paragraphs and years do not match.
_PHONE_FORMS = (
    r"(?:\d{2} ){3}\d{2}", r"\d{3} \d{2} \d{3}", r"\d{3} \d{3} \d{2}", r"\d{8}", r"116 ?\d{3}", "02800", "1412",
    r"11[0-9]",
)  # fmt: skip
PHONE = re.compile(rf"(?<![\d§.,/-])(?:{'|'.join(_PHONE_FORMS)})(?![\d-]| \d{{3}}\b)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an editor must put right: where it is, and what."""

    place: str
    entry: str
    field: str
    problem: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.place}: {self.entry}: {self.field}: {self.problem}"


Found = Iterator[tuple[str, str]]


def check(kb: Knowledge, today: date) -> list[Finding]:
    """Return everything that is wrong in `kb` on the day `today`, sorted by place."""
    findings = {Finding("phrases", name, "intent", problem) for name, problem in _unanswered(kb)}
    shown = _shown_numbers(kb)
    for place, name, entry, special in _entries(kb, today):
        for field, problem in (*_texts(entry), *_numbers(shown, entry), *special):
            findings.add(Finding(place, name, field, problem))
    return sorted(findings, key=str)


def _entries(kb: Knowledge, today: date) -> Iterator[tuple[str, str, BaseModel, Found]]:
    """Yield every entry: its folder, its name, itself, and what is special to check for its kind."""
    for name, topic in kb.topics_on(today).items():
        yield "topics", name, topic, _topic(kb, topic, today)
    for name, crisis in kb.crisis.items():
        yield "crisis", name, crisis, _crisis(kb, crisis, today)
    lookup = Lookup(kb, load_asking())
    for name, contact in kb.contacts.items():
        yield "contacts", name, contact, _contact(lookup, contact, today)
    for name, offer in kb.offers.items():
        yield "offers", name, offer, _offer(kb, offer, today)
    for name, phrase in kb.phrases.items():
        if phrase.language is None:  # Norwegian's readability and alphabet say nothing about another language
            yield "phrases", name, phrase, _phrase(kb, phrase)
    for name, intent in kb.intents.items():
        yield "phrases", name, intent, iter(())
    for rate in kb.rates.latest():
        yield "rates", rate.id, rate, _rate(kb, rate, today)


def reader_texts(value: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Yield every text in an entry with the path to it, such as "variants[0].sms"."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from reader_texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from reader_texts(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from reader_texts(item, f"{path}.{key}")


def _texts(entry: BaseModel) -> Found:
    """Check what holds for any text: both written forms, and readability."""
    for path, text in reader_texts(entry):
        if not text.nn:
            yield path, "mangler nynorsk"
        for malform, value in text.both():
            score = lix(value)
            if len(value.split()) >= LIX_MIN_WORDS and score > LIX_LIMIT:
                yield path, f"{malform}: tung å lese, lix {score:.0f} (høyst {LIX_LIMIT:.0f})"


def _sms(path: str, text: Text, limit: int) -> Found:
    """Check that a text message fits GSM-7 and its limit."""
    for malform, value in text.both():
        length = gsm7_length(value)
        if length is None:
            yield path, f"{malform}: tegn som SMS ikke har: {gsm7_misfits(value)}"
        elif length > limit:
            yield path, f"{malform}: SMS er {length} tegn (høyst {limit})"


def _shown_numbers(kb: Knowledge) -> dict[str, str]:
    """Return how each contact's numbers are written, by their digits."""
    phones = (phone for contact in kb.contacts.values() for phone in (contact.phone, contact.sms))
    return {phone.dial: phone.display for phone in phones if phone}


def _numbers(shown: Mapping[str, str], entry: BaseModel) -> Found:
    """Check that every phone number in a text is a contact's, and written as there."""
    for path, text in reader_texts(entry):
        for malform, value in text.both():
            for match in PHONE.finditer(value):
                number = match.group()
                digits = number.replace(" ", "")
                if digits not in shown:
                    yield path, f"{malform}: {number} er ikke nummeret til noen kontakt"
                elif shown[digits] != number:
                    yield path, f"{malform}: {number} skrives {shown[digits]}"


def _topic(kb: Knowledge, topic: Topic, today: date) -> Found:
    """Check a topic: its references, its text messages and its review date."""
    if topic.id not in kb.intents or kb.intents[topic.id].kind != "knowledge":
        yield "id", "ingen intent fører hit"
    for related in topic.related:
        if related not in kb.intents or kb.intents[related].kind != "knowledge":
            yield "related", f"ukjent emne {related}"
    for follow_up in topic.follow_ups:
        if follow_up.intent not in kb.intents:
            yield "follow_ups", f"ukjent intent {follow_up.intent}"
    for contact in topic.contacts:
        if contact not in kb.contacts:
            yield "contacts", f"ukjent kontakt {contact}"
    for path, text in reader_texts(topic):
        if path.endswith("sms"):
            yield from _sms(path, text, TOPIC_SMS_LIMIT)
        if path.endswith("short") and max(len(value) for _, value in text.both()) > SHORT_LIMIT:
            yield path, f"er lengre enn {SHORT_LIMIT} tegn"
    for path, text in reader_texts(kb.written_topics[topic.id]):
        for malform, value in text.both():
            for figure in loose_figures(value):
                yield path, f"{malform}: {figure} skal stå i rates.yaml, med dagene det gjelder"
    for ask in topic.ask:
        yield from _ask(ask)
    if topic.is_overdue(today):
        yield "next_review", f"skulle vært gjennomgått {topic.next_review}"
    if topic.next_review <= topic.reviewed:
        yield "next_review", "er ikke etter siste gjennomgang"
    if topic.reviewed > today:
        yield "reviewed", "er i framtiden"


def _ask(ask: Ask) -> Found:
    """Check that a question's answers are values that a condition could ask for."""
    for choice in ask.buttons if ask.slot in SAID_FACTS else ():
        if choice.value not in SAID_FACTS[ask.slot]:
            yield "ask", f"{ask.slot} har ikke verdien {choice.value}"


def _rate(kb: Knowledge, rate: Rate, today: date) -> Found:
    """Check a rate's last period: that somebody tells it, and that a new one is written before it ends."""
    if rate.valid_to is not None and rate.valid_to < today:
        yield "valid_to", f"gikk ut {rate.valid_to}: svarene sier «{rate.without.nb}» til den nye er skrevet"
    if not any(rate.id in kb.rates.used_in(topic) for topic in kb.written_topics.values()):
        yield "id", "ingen emner bruker satsen"
    yield from _seen(rate.source.seen, today)


def _crisis(kb: Knowledge, crisis: Crisis, today: date) -> Found:
    """Check a crisis answer: known and plain contacts with a way to reach them, messages, review date."""
    if crisis.intent not in kb.intents or kb.intents[crisis.intent].kind != "crisis":
        yield "intent", "ingen intent fører hit"
    for level, texts in crisis.levels.items():
        for index, text in enumerate(texts):
            path = f"levels.{level}[{index}]"
            young = text.under_18.contacts if text.under_18 else ()
            for contact_id in (*text.contacts, *young):
                contact = kb.contacts.get(contact_id)
                if contact is None:
                    yield path, f"ukjent kontakt {contact_id}"
                elif not contact.is_plain:
                    yield path, f"{contact_id} kan bare vises med forbehold"
            first = kb.contacts.get(text.contacts[0])
            if first is not None and first.hours.phone.status != "always":
                yield path, f"den første kontakten, {first.id}, svarer ikke hele døgnet"
    for path, message in reader_texts(crisis):
        if path.endswith("sms"):
            yield from _sms(path, message, REPLY_SMS_LIMIT)
    if crisis.next_review < today:
        yield "next_review", f"skulle vært gjennomgått {crisis.next_review}"


def _contact(lookup: Lookup, contact: Contact, today: date) -> Found:
    """Check a contact: that asking for it by its name, or by any other of its names, gives an answer with it."""
    home = next(iter(contact.kommuner), None)
    for field, asked in (("name", contact.name), *(("asked_as", name) for name in contact.asked_as)):
        if contact not in lookup.find(asked, home):
            yield field, f"ingen svar nevner kontakten når noen spør etter «{asked}»"
    yield from _seen(contact.seen, today)


def _seen(seen: date, today: date) -> Found:
    """Check that what is said about a service was seen within a year."""
    if seen + SEEN_LIMIT < today:
        yield "seen", f"ble sist sett {seen}"


def _offer(kb: Knowledge, offer: Offer, today: date) -> Found:
    """Check an offer: its places, its contact, a source, a way to reach it, and no second number."""
    yield from _seen(offer.seen, today)
    for number in offer.kommuner:
        if number not in kb.kommuner:
            yield "kommune", f"ukjent kommune {number}"
    everywhere = offer.kommuner or tuple(kb.kommuner)
    if not any(rank_offers([offer], kb.kommuner, number, None, None) for number in everywhere):
        yield "coverage", "ingen får se tilbudet, hvor de enn bor"
    if offer.contact and offer.contact not in kb.contacts:
        yield "contact", f"ukjent kontakt {offer.contact}"
    contact = kb.contacts.get(offer.contact or "")
    if contact is not None and contact.caveat and not offer.caveat:
        yield "caveat", f"kontakten {contact.id} har et forbehold som tilbudet mangler"
    if offer.contact and offer.phone:
        yield "phone", "nummeret står hos kontakten, og skal bare stå der"
    if not (offer.sources or offer.evidence):
        yield "sources", "mangler kilde"
    if not (offer.url or offer.phone or offer.contact or offer.provider):
        yield "url", "ingen måte å nå tilbudet på"
    for intent in offer.topics.intents:
        if intent not in kb.intents:
            yield "topics", f"ukjent intent {intent}"


def _phrase(kb: Knowledge, phrase: Phrase) -> Found:
    """Check a phrase: declared placeholders, in both forms alike; buttons; what is said by SMS."""
    undeclared = phrase.placeholders() - set(phrase.fields)
    if undeclared:
        yield "fields", f"felt som ikke er oppgitt: {', '.join(sorted(undeclared))}"
    unused = set(phrase.fields) - phrase.placeholders()
    if unused:
        yield "fields", f"felt som ikke er i bruk: {', '.join(sorted(unused))}"
    for path, text in reader_texts(phrase):
        if text.nn and _fields(text.nb) != _fields(text.nn):
            yield path, "feltene er ulike i bokmål og nynorsk"
    for button in phrase.buttons:
        if button.intent not in kb.intents:
            yield "buttons", f"ukjent intent {button.intent}"
    for text in (phrase.sms,) if phrase.sms else phrase.texts:
        yield from _sms("sms" if phrase.sms else "texts", text, REPLY_SMS_LIMIT)


def _fields(text: str) -> set[str]:
    """Return the names in braces in `text`."""
    return set(re.findall(r"{(\w+)}", text))


def _unanswered(kb: Knowledge) -> Found:
    """Find intents without an entry to answer them."""
    answers = {"knowledge": kb.topics, "crisis": kb.crisis, "helpline": kb.phrases}
    for name, intent in kb.intents.items():
        if name not in answers[intent.kind]:
            yield name, f"ingen {intent.kind}-tekst svarer på denne intenten"


def main() -> int:
    """Print the findings in the shipped knowledge base; return 1 when there are any."""
    findings = check(load_knowledge(), date.today())
    for finding in findings:
        print(finding)
    print(f"{len(findings)} funn")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
