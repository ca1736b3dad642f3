"""The data model of topics, crisis answers and phrases: one class per thing an editor writes."""

import re
from datetime import date
from string import Formatter
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from knowledge.situation import Situation, When
from knowledge.text import Frozen, Text
from knowledge.vocabulary import AGE_OF_GROUP, SAID_FACTS, Channel, Confidence, IntentKind, Slot

SHORT_LIMIT = 400
PLACEHOLDER = re.compile(r"\{(\w+)\}")
TOPIC_SMS_LIMIT = 300
REPLY_SMS_LIMIT = 459

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s«»()]+(\([^\s()]*\))?[^\s«»()]*$")]


def _check_short(text: Text) -> Text:
    """Refuse a short answer that is longer than a phone shows at a glance."""
    for malform, value in text.both():
        length = len(PLACEHOLDER.sub("", value))  # with the rates put in, `knowledge check` measures it
        if length > SHORT_LIMIT:
            raise ValueError(f"{malform} is {length} characters, the limit is {SHORT_LIMIT}")
    return text


Short = Annotated[Text, AfterValidator(_check_short)]


class Source(Frozen):
    """A page that supports what is said, and when it was seen."""

    title: str
    url: Url
    seen: date


class Law(Frozen):
    """A place in a law: its usual name, the paragraph as written ("§ 3-3"), and the address."""

    name: str
    section: str
    url: Url


class Misunderstanding(Frozen):
    """What people often believe, and how it is."""

    claim: Text
    truth: Text


class FollowUp(Frozen):
    """A question the relative may want to ask next: the button's label and the intent it leads to."""

    intent: Id
    label: Text


class Choice(Frozen):
    """A ready answer to the one question of a topic. `value` is a canonical value of the slot."""

    label: Text
    value: str


class Ask(Frozen):
    """A question asked when the answer depends on something the relative has not told.

    With `when` it is asked where that fits, even if a variant fits already; without, only where none does.
    """

    slot: Slot
    question: Text
    buttons: tuple[Choice, ...] = ()
    when: When | None = None

    def payload(self, choice: Choice) -> str:
        """Return the button payload for `choice`; an age group is sent as one age inside it."""
        if self.slot in SAID_FACTS:
            return f'/oppgi_opplysning{{"svar":"{self.slot}:{choice.value}"}}'
        entity = "alder" if self.slot in ("pasient_alder", "skriver_alder") else self.slot
        age = AGE_OF_GROUP.get(choice.value) if self.slot == "pasient_alder" else None
        value = choice.value if age is None else str(age)
        return f'/oppgi_opplysning{{"{entity}":"{value}"}}'


def _as_several(value: Any) -> Any:
    """Let an editor write one question without a list around it."""
    return (value,) if isinstance(value, dict) else value


Asks = Annotated[tuple[Ask, ...], BeforeValidator(_as_several)]


class Variant(Frozen):
    """What is said instead when `when` fits. A field left out is taken from the topic."""

    when: When
    short: Short
    sms: Text
    recognise: Text | None = None
    steps: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def check_condition(self) -> Self:
        """Refuse a variant without a condition: it would hide all that follow."""
        if self.when.is_empty:
            raise ValueError("a variant needs at least one key in `when`")
        return self


class Answer(Frozen):
    """A topic as answered in one situation: the first variant that fits, over the topic's own texts."""

    recognise: Text
    short: Text
    steps: tuple[Text, ...]
    sms: Text
    from_variant: bool


class Topic(Frozen):
    """Everything the helpline says about one subject. The id is the intent that leads to it.

    `outdated` is not written by editors: the sources of rates that have ended, on the day the topic is handed out.
    """

    id: Id
    title: Text
    recognise: Text
    short: Short
    details: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=1)]
    sms: Text
    urgent: Text | None = None
    law: tuple[Law, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    reviewed: date
    next_review: date
    confidence: Confidence
    misunderstandings: tuple[Misunderstanding, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    related: tuple[Id, ...] = ()
    contacts: tuple[Id, ...] = ()
    variants: tuple[Variant, ...] = ()
    ask: Asks = ()
    outdated: tuple[Source, ...] = ()

    def answer_for(self, situation: Situation) -> Answer:
        """Return the texts for `situation`: the first variant that fits, else the topic's own."""
        for variant in self.variants:
            if variant.when.fits(situation):
                return Answer(
                    recognise=variant.recognise or self.recognise,
                    short=variant.short,
                    steps=variant.steps or self.steps,
                    sms=variant.sms,
                    from_variant=True,
                )
        return Answer(
            recognise=self.recognise, short=self.short, steps=self.steps, sms=self.sms, from_variant=False
        )

    def is_overdue(self, today: date) -> bool:
        """Return whether the topic should have been reviewed before `today`."""
        return self.next_review < today


class Phrase(Frozen):
    """Something the helpline says about itself or the conversation.

    `texts` are several wordings of the same thing, used in turn so that nobody reads the same words
    twice in a row. `fields` names the placeholders the service must fill. `language` is set (ISO 639-1) when
    it is not Norwegian.
    """

    id: Id
    texts: Annotated[tuple[Text, ...], Field(min_length=1)]
    sms: Text | None = None
    fields: tuple[str, ...] = ()
    buttons: tuple[FollowUp, ...] = ()
    note: str | None = None
    language: str | None = None

    def wording(self, malform: str, channel: Channel = "widget", turn: int = 0) -> str:
        """Return the unfilled text; `turn` counts how often it has been said in this conversation."""
        if channel == "sms" and self.sms is not None:
            return self.sms.in_(malform)
        return self.texts[turn % len(self.texts)].in_(malform)

    def render(self, malform: str, channel: Channel = "widget", turn: int = 0, **values: str | int) -> str:
        """Return the text with its placeholders filled. Raise KeyError for one that has no value."""
        return Formatter().vformat(self.wording(malform, channel, turn), (), values)

    def placeholders(self) -> set[str]:
        """Return the names of all placeholders in all wordings and written forms."""
        texts = (*self.texts, *((self.sms,) if self.sms else ()))
        forms = (value for text in texts for _, value in text.both())
        return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}


class IntentTitle(Frozen):
    """An intent as a relative would read it on a button, and as one would say it."""

    id: Id
    kind: IntentKind
    title: Text
