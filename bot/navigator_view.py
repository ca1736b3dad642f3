"""What the rights navigator's pages show, in words: the form, and the list of what may apply. No HTML here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from knowledge import Knowledge, Kommune, Law, Text
from knowledge.navigator import KOMMUNE, Entitlement, Navigator, Question
from knowledge.schema import Source


@dataclass(frozen=True, slots=True)
class Words:
    """The knowledge base's phrases in one written form; `details` are the helpline's own."""

    knowledge: Knowledge
    malform: str
    details: Mapping[str, str]

    def __call__(self, phrase_id: str, **fields: str | int) -> str:
        """Return a phrase; "om_navn" is the helpline's name."""
        if phrase_id == "om_navn":
            return self.details["tjeneste"]
        return self.knowledge.phrases[phrase_id].render(self.malform, "widget", 0, **fields)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer in the form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Municipalities of one county."""

    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in the form: choices, or groups of them."""

    id: str
    text: str
    help: str
    choices: Sequence[Choice] = ()
    groups: Sequence[Group] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A question and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Page:
    """A source with the day it was seen, in words."""

    title: str
    url: str
    seen: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may apply."""

    id: str
    topic: str
    topic_url: str
    title: str
    summary: str
    because: str
    unknown: Sequence[str]
    apply: str
    deadline: str
    note: str
    law: Sequence[Law]
    sources: Sequence[Page]


def form_questions(words: Words, navigator: Navigator, answers: Mapping[str, str]) -> list[Asked]:
    """Return the form's questions with what was answered before."""
    return [_asked(words, question, answers.get(question.id, "")) for question in navigator.questions]


def told_rows(words: Words, navigator: Navigator, answers: Mapping[str, str]) -> list[Told]:
    """Return what was answered, in order."""
    rows = []
    for question in navigator.questions:
        option = question.option(answers.get(question.id))
        answer = option.label.in_(words.malform) if option else _kommune_name(words, question, answers)
        if answer:
            rows.append(Told(question.text.in_(words.malform), answer))
    return rows


def items(
    words: Words, found: Sequence[Entitlement], answers: Mapping[str, str], topic_base: str
) -> list[Item]:
    """Return what may apply, as it is read. `topic_base` is where topics have pages; empty when they have none."""
    kommune = words.knowledge.kommuner.get(answers.get(KOMMUNE, ""))
    where = words("naviger_kommune", navn=kommune.name) if kommune else words("naviger_kommunen")
    return [_item(words, entitlement, where, topic_base) for entitlement in found]


def day(value: date) -> str:
    """Return a date as Norwegians write it."""
    return f"{value.day}.{value.month}.{value.year}"


def _item(words: Words, found: Entitlement, where: str, topic_base: str) -> Item:
    rule, malform = found.rule, words.malform
    reasons = [reason.in_(malform) for reason in found.reasons]
    return Item(
        id=rule.id,
        topic=rule.topic,
        topic_url=f"{topic_base}{rule.topic}" if topic_base else "",
        title=rule.title.in_(malform),
        summary=rule.summary.in_(malform),
        because=words("naviger_fordi", grunner=_joined(words, reasons)),
        unknown=[condition.in_(malform) for condition in found.unknown],
        apply=rule.apply.in_(malform).replace("{kommune}", where),
        deadline=_text(rule.deadline, malform),
        note=_text(rule.note, malform),
        law=rule.law,
        sources=[_page(source) for source in rule.sources],
    )


def _joined(words: Words, parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} {words('naviger_og')} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _text(text: Text | None, malform: str) -> str:
    return text.in_(malform) if text else ""


def _page(source: Source) -> Page:
    return Page(source.title, source.url, day(source.seen))


def _asked(words: Words, question: Question, answer: str) -> Asked:
    text, help_text = question.text.in_(words.malform), _text(question.help, words.malform)
    if not question.options:
        return Asked(question.id, text, help_text, groups=list(_counties(words.knowledge, answer)))
    choices = [
        Choice(option.value, option.label.in_(words.malform), option.value == answer)
        for option in question.options
    ]
    nothing = Choice("", words("rettigheter_vet_ikke"), not any(choice.chosen for choice in choices))
    return Asked(question.id, text, help_text, choices=[*choices, nothing])


def _counties(knowledge: Knowledge, answer: str) -> Iterator[Group]:
    ordered = sorted(knowledge.kommuner.values(), key=lambda k: (_order(k.fylke_name), _order(k.name)))
    for county, members in groupby(ordered, key=lambda kommune: kommune.fylke_name):
        yield Group(county, [Choice(k.number, k.name, k.number == answer) for k in members])


def _order(name: str) -> str:
    """Return a sort key with å after æ and ø."""
    return name.casefold().replace("å", "\uffff")


def _kommune_name(words: Words, question: Question, answers: Mapping[str, str]) -> str:
    found: Kommune | None = words.knowledge.kommuner.get(answers.get(question.id, ""))
    return found.name if found else ""
