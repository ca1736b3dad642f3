"""The rights navigator: from a few answers to what may apply, why, and what is still unknown.

Pure logic over rules that are data. An answer that is missing leaves all its values possible, so every condition is
true, false or unknown; a rule is left out only when something told rules it out. Nothing here is a promise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from knowledge.schema import Id, Law, Source
from knowledge.situation import Situation
from knowledge.text import Frozen, Text
from knowledge.vocabulary import AGE_OF_GROUP, SAID_FACTS

MOST_QUESTIONS = 8
UNKNOWN_COSTS = 3
SKIPPED = "?"
AGE_OF_ADULTS = AGE_OF_GROUP["voksen"]
KOMMUNE = "kommune"
WORK, YOUNG = "arbeid", "elev"
SEPARATOR = ":"

Values = frozenset[str]
Condition = Mapping[str, tuple[str, ...]]
Possible = Mapping[str, Values]
Kind = Literal["penger", "fri", "tjeneste", "rett"]


def answers_in(rows: Iterable[str] | None) -> dict[str, str]:
    """Return the remembered answers ("question:value") by question; SKIPPED where the relative did not know."""
    parts = (row.partition(SEPARATOR) for row in rows or ())
    return {name: value for name, _, value in parts}


def begun(rows: Iterable[str] | None) -> bool:
    """Return whether a walk has begun, from the remembered answers ("question:value"): None before anything was said.

    Facts that were told by the way are among the answers, and do not begin a walk.
    """
    if rows is None:
        return False
    names = answers_in(rows).keys()
    return not names or not names <= SAID_FACTS.keys()


class Option(Frozen):
    """A ready answer. See the head of questions.yaml for what the fields mean."""

    value: str
    label: Text
    covers: tuple[str, ...] = ()
    implies: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    only: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ages: tuple[int, int] | None = None
    chat: bool = True

    @property
    def values(self) -> Values:
        """The values that this answer leaves possible."""
        return frozenset(self.covers or (self.value,))


class Question(Frozen):
    """One question. Without options it is answered in words (the kommune)."""

    id: Id
    text: Text
    help: Text | None = None
    chat_note: Text | None = None
    slot: str | None = None
    facts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    taken_as: tuple[Id, ...] = ()
    on_no: str | None = None
    options: tuple[Option, ...] = ()

    @cached_property
    def all_values(self) -> Values:
        """Every value an answer may leave possible."""
        return frozenset().union(*(option.values for option in self.options))

    def option(self, value: str | None) -> Option | None:
        """Return the option with this value, None when there is none."""
        return next((option for option in self.options if option.value == value), None)

    def accepts(self, value: str) -> bool:
        """Return whether `value` is an answer; which numbers are municipalities is for the caller to know."""
        return self.option(value) is not None if self.options else value.isdigit()


class Need(Frozen):
    """Something a rule depends on. See the head of rules.yaml for what the fields mean."""

    when: tuple[dict[str, tuple[str, ...]], ...] = ()
    maybe: tuple[dict[str, tuple[str, ...]], ...] = ()
    because: Text | None = None
    unknown: Text | None = None
    opens: bool = True
    optional: bool = False
    boost: int = 10

    def met(self, possible: Possible) -> bool | None:
        """Return whether the need is met; None when that is not known. Without conditions it always is."""
        if not self.when or (met := _any_fits(self.when, possible)) is True:
            return True
        if met is None or (self.maybe and _any_fits(self.maybe, possible) is not False):
            return None
        return False


class Rule(Frozen):
    """One benefit, right or service, traced to the paragraphs that give it."""

    id: Id
    topic: Id
    kind: Kind
    weight: int
    title: Text
    summary: Text
    needs: Annotated[tuple[Need, ...], Field(min_length=1)]
    unknown: tuple[Text, ...] = ()
    apply: Text
    deadline: Text | None = None
    note: Text | None = None
    law: Annotated[tuple[Law, ...], Field(min_length=1)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A rule that may apply to somebody: the reasons, what is not known, and how relevant it is."""

    rule: Rule
    reasons: tuple[Text, ...]
    unknown: tuple[Text, ...]
    score: int


class Navigator(Frozen):
    """The questions and the rules, read-only. Make it with `knowledge.navigator_loader.load_navigator`."""

    reviewed: date
    next_review: date
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]
    rules: tuple[Rule, ...]
    offered_first: tuple[Id, ...] = ()
    offered_also: tuple[Id, ...] = ()
    commands: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def question(self, question_id: str) -> Question | None:
        """Return the question with this id, None when there is none."""
        return next((question for question in self.questions if question.id == question_id), None)

    def valid(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the answers that are ours, in the order of the questions; what was skipped is left out."""
        return {q.id: answers[q.id] for q in self.questions if q.id in answers and q.accepts(answers[q.id])}

    def told(self, situation: Situation) -> dict[str, str]:
        """Return the answers that follow from what the relative has told in the conversation."""
        answers: dict[str, str] = {}
        for question in self.questions:
            value = _from_fact(question, situation)
            if value is not None:
                answers[question.id] = value
        if situation.writer_under_18 and self.question(WORK):
            answers[WORK] = YOUNG
        return answers

    def possible(self, answers: Mapping[str, str]) -> dict[str, Values]:
        """Return the values still possible for each question, by the answers and by what they imply."""
        valid = self.valid(answers)
        chosen = {q.id: q.option(valid.get(q.id)) for q in self.questions}
        possible: dict[str, Values] = {
            q.id: option.values if (option := chosen[q.id]) else q.all_values for q in self.questions
        }
        for option in filter(None, chosen.values()):
            for name, values in option.implies.items():
                # An answer given in so many words counts more than what another one implies.
                possible[name] = possible[name] & frozenset(values) or possible[name]
        return possible

    def shown_options(
        self, question: Question, answers: Mapping[str, str], chat: bool = True
    ) -> list[Option]:
        """Return the options that make sense after the other answers; for the page all of them."""
        if not chat:
            return list(question.options)
        others = {name: value for name, value in answers.items() if name != question.id}
        possible = self.possible(others)
        return [option for option in question.options if option.chat and _may_fit(option.only, possible)]

    def entitlements(self, answers: Mapping[str, str]) -> list[Entitlement]:
        """Return what may apply, the most relevant first. Unknown answers are ignored; nothing told is fine."""
        possible = self.possible(answers)
        found = [entitlement for rule in self.rules if (entitlement := _judge(rule, possible))]
        return sorted(found, key=lambda entitlement: -entitlement.score)


def _judge(rule: Rule, possible: Possible) -> Entitlement | None:
    """Return the rule with its reasons, None when it is ruled out or nothing speaks for it."""
    judged = [(need, need.met(possible)) for need in rule.needs]
    if any(met is False and not need.optional for need, met in judged):
        return None
    if not any(met and need.opens for need, met in judged):
        return None
    reasons = _texts(need.because for need, met in judged if met)
    unknown = _texts(
        (*(need.unknown for need, met in judged if met is None and not need.optional), *rule.unknown)
    )
    boost = sum(need.boost for need, met in judged if met)
    return Entitlement(rule, reasons, unknown, rule.weight + boost - UNKNOWN_COSTS * len(unknown))


def _texts(texts: Iterable[Text | None]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(text for text in texts if text is not None))


def _any_fits(conditions: Iterable[Condition], possible: Possible) -> bool | None:
    """Return True when one of the conditions holds, None when one may, else False."""
    results = [_fits(condition, possible) for condition in conditions]
    if True in results:
        return True
    return None if None in results else False


def _fits(condition: Condition, possible: Possible) -> bool | None:
    if not _may_fit(condition, possible):
        return False
    return True if all(possible[name] <= frozenset(values) for name, values in condition.items()) else None


def _may_fit(condition: Condition, possible: Possible) -> bool:
    return all(possible[name] & frozenset(values) for name, values in condition.items())


def _from_fact(question: Question, situation: Situation) -> str | None:
    """Return the answer that a fact of the conversation gives to a question."""
    if question.slot == "pasient_alder":
        return _age_option(question, situation.pasient_alder)
    fact = getattr(situation, question.slot) if question.slot else None
    if fact is None:
        return None
    if not question.options:
        return str(fact)
    return next((value for value, facts in question.facts.items() if fact in facts), None)


def _age_option(question: Question, age: float | None) -> str | None:
    """Return the option for an age. A grown-up's age told by tapping "grown up" stands for any from 18 on."""
    if age is None:
        return None
    vague = next((option.value for option in question.options if option.covers), None)
    if vague and age == AGE_OF_ADULTS:
        return vague
    return next((o.value for o in question.options if o.ages and o.ages[0] <= age < o.ages[1]), None)
