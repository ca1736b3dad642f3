"""The data model of offers to relatives, and which of them come first for somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from knowledge.contact import Cost, KommuneNumber, Phone, Scope
from knowledge.schema import Id, Source, Url
from knowledge.text import Frozen, Text
from knowledge.vocabulary import Confidence, Use

EARTH_RADIUS_KM = 6371.0
NEAR_KM = 80.0
NEAR_SHOWN = 2
GENERAL_TOPIC = "lokale_tilbud"

Coverage = Literal["kommune", "fylke", "regional", "sykehusomrade", "nasjonal"]
Reach = Literal["kommune", "naer", "fylke", "regional", "nasjonal"]
FylkeNumber = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
REACH_ORDER: Mapping[Reach, int] = {"kommune": 0, "naer": 1, "fylke": 2, "regional": 3, "nasjonal": 4}


class Kommune(Frozen):
    """A municipality: its official number, names, county, written form, website and centre."""

    number: KommuneNumber
    name: str
    other_names: tuple[str, ...] = ()
    fylke: FylkeNumber
    fylke_name: str
    malform: Literal["nb", "nn", "neutral"]
    url: Url | None = None
    lat: float
    lon: float


class Offer(Frozen):
    """Something relatives can use: a centre, a course, a group, a coordinator, an organisation."""

    id: Id
    name: str
    kind: str
    provider: str | None = None
    about: Text
    audience: Text | None = None
    topics: Scope = Scope()
    coverage: Coverage
    kommune: KommuneNumber | None = None
    fylke: FylkeNumber | None = None
    also_in: tuple[KommuneNumber, ...] = ()
    bydel: str | None = None
    residents_only: bool = False
    place: str | None = None
    schedule: str | None = None
    cost: Cost = "unknown"
    cost_note: str | None = None
    referral_needed: bool | None = None
    phone: Phone | None = None
    contact: Id | None = None
    url: Url | None = None
    use: Use
    caveat: Text | None = None
    confidence: Confidence
    source_year: int | None = None
    sources: tuple[Source, ...] = ()
    evidence: str | None = None
    seen: date

    @model_validator(mode="after")
    def check_place(self) -> Self:
        """Require a place for what is local, and a caveat where one must be shown."""
        if self.coverage == "kommune" and not self.kommune:
            raise ValueError("a local offer needs its kommune")
        if self.coverage == "fylke" and not self.fylke:
            raise ValueError("a county's offer needs its fylke")
        if self.use == "show_with_caveat" and self.caveat is None:
            raise ValueError("show_with_caveat needs a caveat")
        return self

    @property
    def kommuner(self) -> tuple[str, ...]:
        """Return all municipalities the offer is in."""
        return (*((self.kommune,) if self.kommune else ()), *self.also_in)


@dataclass(frozen=True, slots=True)
class RankedOffer:
    """An offer with what kind it is for the one who asks, and how far away when it is near."""

    offer: Offer
    reach: Reach
    distance_km: float | None = None


def distance_km(one: Kommune, other: Kommune) -> float:
    """Return the great-circle distance between the centres of two municipalities (haversine)."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


def _placed(offer: Offer, home: Kommune, kommuner: Mapping[str, Kommune]) -> RankedOffer | None:
    """Return `offer` as seen from `home`, or None when it is of no use there.

    A service for a municipality's own residents is shown to nobody else.
    """
    if home.number in offer.kommuner:
        return RankedOffer(offer, "kommune")
    if offer.coverage == "nasjonal":
        return RankedOffer(offer, "nasjonal")
    if offer.residents_only:
        return None
    places = [kommuner[number] for number in offer.kommuner if number in kommuner]
    away = min((distance_km(home, place) for place in places), default=None)
    if away is not None and away <= NEAR_KM:
        return RankedOffer(offer, "naer", round(away, 1))
    if offer.coverage == "kommune" or offer.fylke != home.fylke:
        return None
    return RankedOffer(offer, "fylke" if offer.coverage == "fylke" else "regional", away and round(away, 1))


def relevance(offer: Offer, topic: str | None, tilstand: str | None) -> int | None:
    """Return how well `offer` fits, higher is better; None when it is about something else."""
    scope = offer.topics
    if tilstand and scope.tilstander and tilstand not in scope.tilstander:
        return None
    fits_condition = tilstand is not None and tilstand in scope.tilstander
    general = topic is None or topic == GENERAL_TOPIC
    fits_topic = not general and topic in scope.intents
    if not (fits_condition or fits_topic or general):
        return None
    narrow = offer.bydel is not None or (bool(scope.tilstander) and not fits_condition)
    return 4 * fits_condition + 2 * fits_topic - narrow


def rank_offers(
    offers: Iterable[Offer],
    kommuner: Mapping[str, Kommune],
    kommune: str | None,
    topic: str | None,
    tilstand: str | None,
) -> list[RankedOffer]:
    """Return the fitting offers: own kommune, near by distance, county, region, then the country.

    Within each, the best fit comes first, then what is surest and newest. Without a known kommune only
    national offers are returned.
    """
    home = kommuner.get(kommune) if kommune else None
    found: list[tuple[tuple[float, ...], str, RankedOffer]] = []
    for offer in offers:
        fit = relevance(offer, topic, tilstand)
        if fit is None:
            continue
        if home is None:
            placed = RankedOffer(offer, "nasjonal") if offer.coverage == "nasjonal" else None
        else:
            placed = _placed(offer, home, kommuner)
        if placed is None:
            continue
        order = (
            REACH_ORDER[placed.reach],
            -fit,
            placed.distance_km or 0.0,
            0.0 if offer.use == "show" else 1.0,
            -float(offer.source_year or 0),
            -float(offer.seen.toordinal()),
        )
        found.append((order, offer.id, placed))
    found.sort(key=lambda item: (item[0], item[1]))
    return [placed for _, _, placed in found]


def mixed(ranked: list[RankedOffer], limit: int) -> list[RankedOffer]:
    """Return `limit` of `ranked` in order, with few near ones and room kept for a national one.

    Somebody far from any offer would else get a list of places to travel to, and nothing to phone. More
    near ones are used only to fill up.
    """
    near = [place for place, item in enumerate(ranked) if item.reach == "naer"]
    spare = near[NEAR_SHOWN:]
    others = len(ranked) - len(spare)
    left_out = set(spare[max(0, limit - others) :])
    chosen = [item for place, item in enumerate(ranked) if place not in left_out]
    shown = chosen[:limit]
    if shown and all(item.reach != "nasjonal" for item in shown):
        national = next((item for item in chosen if item.reach == "nasjonal"), shown[-1])
        shown[-1] = national
    return shown
