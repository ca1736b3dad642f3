"""What the relative has told so far, and whether a condition in a data file fits it."""

from dataclasses import dataclass

from knowledge.text import Frozen
from knowledge.vocabulary import (
    ADULT_RELATIONS,
    AgeGroup,
    Arbeid,
    Bor,
    Channel,
    Naermeste,
    Relasjon,
    Samtykke,
    Tilstand,
)

ADULT = 18


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts an answer may depend on. None means that the relative has not told."""

    relasjon: str | None = None
    tilstand: str | None = None
    kommune: str | None = None
    pasient_alder: float | None = None
    skriver_alder: float | None = None
    arbeid: str | None = None
    bor: str | None = None
    samtykke: str | None = None
    naermeste: str | None = None
    channel: Channel = "widget"

    @property
    def age_group(self) -> AgeGroup | None:
        """Return the patient's age group; a parent, spouse and the like is grown up unless told otherwise."""
        if self.pasient_alder is not None:
            return age_group(self.pasient_alder)
        return "voksen" if self.relasjon in ADULT_RELATIONS else None

    @property
    def writer_under_18(self) -> bool:
        """Return whether the writer is known to be under 18."""
        return self.skriver_alder is not None and self.skriver_alder < ADULT


def age_group(age: float) -> AgeGroup:
    """Return the group of `age`, by the limits of pasient- og brukerrettighetsloven §§ 3-4 and 4-3."""
    if age < 12:
        return "under_12"
    if age < 16:
        return "12_15"
    return "16_17" if age < ADULT else "voksen"


class When(Frozen):
    """A condition: every key that is given must fit. Within a list, one value is enough.

    What the relative has not told fits no list. `skriver_under_18: false` fits unless the writer is
    known to be under 18.
    """

    relasjon: tuple[Relasjon, ...] = ()
    pasient_alder: tuple[AgeGroup, ...] = ()
    tilstand: tuple[Tilstand, ...] = ()
    kommune: tuple[str, ...] = ()
    arbeid: tuple[Arbeid, ...] = ()
    bor: tuple[Bor, ...] = ()
    samtykke: tuple[Samtykke, ...] = ()
    naermeste: tuple[Naermeste, ...] = ()
    skriver_under_18: bool | None = None
    channel: Channel | None = None

    def fits(self, situation: Situation) -> bool:
        """Return whether every given key fits `situation`."""
        lists: tuple[tuple[tuple[str, ...], str | None], ...] = (
            (self.relasjon, situation.relasjon),
            (self.pasient_alder, situation.age_group),
            (self.tilstand, situation.tilstand),
            (self.kommune, situation.kommune),
            (self.arbeid, situation.arbeid),
            (self.bor, situation.bor),
            (self.samtykke, situation.samtykke),
            (self.naermeste, situation.naermeste),
        )
        if any(allowed and told not in allowed for allowed, told in lists):
            return False
        if self.skriver_under_18 is not None and self.skriver_under_18 != situation.writer_under_18:
            return False
        return self.channel is None or self.channel == situation.channel

    @property
    def is_empty(self) -> bool:
        """Return whether the condition asks for nothing, and so would fit always."""
        return self == When()
