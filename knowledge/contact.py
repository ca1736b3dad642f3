"""The data model of helplines and other contacts: how to reach them, when, and for whom they are."""

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from knowledge.hours import Hours
from knowledge.schema import Id, Source, Url
from knowledge.text import Frozen, Text
from knowledge.vocabulary import Confidence, Tilstand, Use

Digits = Annotated[str, StringConstraints(pattern=r"^\d{3,8}$")]
E164 = Annotated[str, StringConstraints(pattern=r"^\+\d{8,15}$")]
KommuneNumber = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Cost = Literal["free", "normal", "unknown"]
YesNo = Literal["yes", "no", "unknown"]


class Phone(Frozen):
    """A number as shown and as dialled. Short numbers (112, 116 117) have no E.164 form."""

    display: str
    dial: Digits
    e164: E164 | None = None
    from_abroad: str | None = None

    @model_validator(mode="after")
    def check_same_number(self) -> Self:
        """Refuse a number whose forms differ: somebody would be sent to a stranger."""
        if re.sub(r"\D", "", self.display) != self.dial:
            raise ValueError(f"shown {self.display}, dialled {self.dial}")
        if self.e164 is not None and self.e164 != f"+47{self.dial}":
            raise ValueError(f"E.164 {self.e164} is not {self.dial}")
        return self


class Scope(Frozen):
    """Which intents and conditions something is relevant for."""

    intents: tuple[Id, ...] = ()
    tilstander: tuple[Tilstand, ...] = ()


class ContactHours(Frozen):
    """Opening hours of each channel."""

    phone: Hours = Hours(status="none")
    chat: Hours = Hours(status="none")
    sms: Hours = Hours(status="none")


class Contact(Frozen):
    """A service people can call, write to or look up. Only what may be shown is in the files.

    `asked_as` are other names and purposes that people ask for it by; a word in capitals must be written so, or
    come after words such as "nummeret til".
    """

    id: Id
    name: str
    asked_as: tuple[str, ...] = ()
    operator: str | None = None
    use: Use
    confidence: Confidence
    caveat: Text | None = None
    phone: Phone | None = None
    sms: Phone | None = None
    chat: Url | None = None
    email: str | None = None
    url: Url | None = None
    hours: ContactHours = ContactHours()
    audience: Text
    for_relatives: bool | None = None
    topics: Scope = Scope()
    cost: Cost = "unknown"
    anonymous: YesNo = "unknown"
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("nb",)
    other_languages: Text | None = None
    kommuner: tuple[KommuneNumber, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: str
    last_source_year: int | None = None
    seen: date

    @model_validator(mode="after")
    def check_reachable(self) -> Self:
        """Require a way to reach it, and a caveat where one must be shown."""
        if not (self.phone or self.sms or self.chat or self.url):
            raise ValueError("there is no way to reach this contact")
        if self.use == "show_with_caveat" and self.caveat is None:
            raise ValueError("show_with_caveat needs a caveat")
        return self

    @property
    def is_plain(self) -> bool:
        """Return whether it may be shown without a caveat."""
        return self.use == "show"

    def hours_text(self, malform: str) -> str:
        """Return the main channel's opening hours in words; empty when they are unknown or unsure."""
        main = self.hours.phone if self.phone else self.hours.chat if self.chat else self.hours.sms
        return main.text(malform)

    def card(self, malform: str) -> dict[str, str | None]:
        """Return what a screen needs to let somebody tap and call: id, name, number, hours, address."""
        return {
            "id": self.id,
            "name": self.name,
            "display": self.phone.display if self.phone else None,
            "dial": (self.phone.e164 or self.phone.dial) if self.phone else None,
            "hours": self.hours_text(malform) or None,
            "url": self.url,
        }

    def open_at(self, at: datetime) -> bool | None:
        """Return whether any channel is open at `at`; None when none is known to be open."""
        states = [
            hours.open_at(at)
            for hours, reachable in (
                (self.hours.phone, self.phone),
                (self.hours.chat, self.chat),
                (self.hours.sms, self.sms),
            )
            if reachable
        ]
        if True in states:
            return True
        return None if None in states or not states else False

    def open_now_by_phone(self, at: datetime) -> bool | None:
        """Return whether its phone is open at `at`; False without a phone, None when unknown."""
        return self.hours.phone.open_at(at) if self.phone else False
