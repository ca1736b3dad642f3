"""What somebody must go through again: entries whose review is due, and pages that were seen too long ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.check import SEEN_LIMIT
from knowledge.loader import Knowledge
from knowledge.navigator import Navigator

NAVIGATOR = "navigator"


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """An entry to go through: since when it is due, where it is, and when somebody last saw to it."""

    since: date
    place: str
    entry: str
    last: date

    def __str__(self) -> str:
        """Return the entry as one line for an editor."""
        return f"{self.since}  {self.place}: {self.entry} (sist {self.last})"


def due(knowledge: Knowledge, navigator: Navigator, today: date) -> list[Due]:
    """Return what is due on the day `today`, what has waited longest first."""
    return sorted(item for item in _all(knowledge, navigator) if item.since <= today)


def _all(knowledge: Knowledge, navigator: Navigator) -> Iterator[Due]:
    """Yield every entry with the day it is next due."""
    for name, topic in knowledge.topics.items():
        yield Due(topic.next_review, "topics", name, topic.reviewed)
    for name, crisis in knowledge.crisis.items():
        yield Due(crisis.next_review, "crisis", name, crisis.written)
    for name, contact in knowledge.contacts.items():
        yield Due(contact.seen + SEEN_LIMIT, "contacts", name, contact.seen)
    for name, offer in knowledge.offers.items():
        yield Due(offer.seen + SEEN_LIMIT, "offers", name, offer.seen)
    for rate in knowledge.rates.latest():
        if rate.valid_to is not None:
            yield Due(rate.valid_to, "rates", rate.id, rate.source.seen)
    yield Due(navigator.next_review, NAVIGATOR, "rules", navigator.reviewed)
