"""The data model of crisis answers: what is said at once, by level, and by whom it is about."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from knowledge.schema import Id, Source
from knowledge.text import Frozen, Text

CrisisLevel = Literal["imminent", "high", "concern"]
Who = Literal["self", "other", "child"]


class Under18(Frozen):
    """What is said, and whom to contact, when the writer is known to be under 18."""

    answer: Text
    while_waiting: tuple[Text, ...] = ()
    contacts: Annotated[tuple[Id, ...], Field(min_length=1)]
    sms: Text


class CrisisTexts(Frozen):
    """One crisis answer: a warm sentence, what to do while waiting, and other words for a second time.

    `contacts` are shown in this order. `repeat` is said when the same danger comes up again. `sms`
    carries the numbers first.
    """

    who: Who | None = None
    answer: Text
    while_waiting: Annotated[tuple[Text, ...], Field(min_length=1)]
    question: Text | None = None
    repeat: Annotated[tuple[Text, ...], Field(min_length=1)]
    contacts: Annotated[tuple[Id, ...], Field(min_length=1)]
    sms: Text
    under_18: Under18 | None = None

    def said(self, malform: str, turn: int = 0) -> str:
        """Return the warm sentence; from the second `turn` on, one of the other wordings."""
        if turn == 0:
            return self.answer.in_(malform)
        return self.repeat[(turn - 1) % len(self.repeat)].in_(malform)


class Crisis(Frozen):
    """All answers to one crisis intent, and who has vouched for them (null: nobody yet)."""

    intent: Id
    title: Text
    levels: dict[CrisisLevel, tuple[CrisisTexts, ...]]
    person_offer: Text
    nobody_on_duty: Text
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    reviewed_by: str | None = None
    written: date
    next_review: date

    @model_validator(mode="after")
    def check_levels(self) -> Self:
        """Require all three levels, each with an answer that fits whoever it is about."""
        for level in ("imminent", "high", "concern"):
            texts = self.levels.get(level, ())
            if not any(text.who is None for text in texts):
                raise ValueError(f"level {level} lacks an answer without `who`")
        return self

    def texts_for(self, level: CrisisLevel, who: str | None = None, under_18: bool = False) -> CrisisTexts:
        """Return the answer for `level` and `who`; a writer under 18 gets the words and contacts for them."""
        texts = self.levels[level]
        found = next((text for text in texts if text.who == who), None)
        chosen = found or next(text for text in texts if text.who is None)
        young = chosen.under_18
        if not under_18 or young is None:
            return chosen
        return chosen.model_copy(
            update={
                "answer": young.answer,
                "while_waiting": young.while_waiting or chosen.while_waiting,
                "contacts": young.contacts,
                "sms": young.sms,
            }
        )

    def sms_for(
        self, level: CrisisLevel, malform: str, who: str | None = None, under_18: bool = False
    ) -> str:
        """Return the text message for `level`, `who` and the writer's age, numbers first."""
        return self.texts_for(level, who, under_18).sms.in_(malform)
