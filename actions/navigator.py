"""The rights navigator in the conversation: ask, take answers, go back, take it up again, and say what may apply.

The slot `navigator` holds the answers given here, as "question:value" ("?" for a skipped one), and the facts told by
the way that have no slot (actions.facts); what else the relative has told is read from the facts each time. `venter`
is "naviger_<question>" while a question is open. Any other subject leaves both the answers and the way back in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from actions.facts import remembered
from actions.kommune_question import meant_kommuner, which_kommune
from actions.navigator_text import (
    BACK,
    INTENT,
    RESULT,
    START,
    known_facts,
    question_reply,
    result_reply,
)
from actions.reply import Button, button
from actions.turn import Outcome, Turn, TurnAction
from knowledge.navigator import KOMMUNE, SKIPPED, Navigator, Question, begun
from knowledge.navigator_loader import navigator_for
from knowledge.vocabulary import SAID_FACTS

WAITS: Final = "naviger_"
MISSES: Final = 2

# Without a usable answer in it, such a message is asked about again; every other intent is another subject.
_UNCLEAR: Final = frozenset({"nlu_fallback", "oppgi_opplysning", "bekreft"})
# With the awaited fact in it, such a message is the answer, whatever else it may mean.
_ANSWERS: Final = frozenset({*_UNCLEAR, "usikker"})


@dataclass(frozen=True)
class Walk:
    """Where a relative stands: the answers given to the navigator (with skipped ones), and all known answers."""

    turn: Turn
    navigator: Navigator
    given: dict[str, str]

    @cached_property
    def answers(self) -> dict[str, str]:
        """The answers known, from the facts and from the navigator; the latter count more."""
        told = {k: v for k, v in self.navigator.told(self.turn.situation).items() if self._is_known(k, v)}
        return {**told, **self.given}

    @property
    def next_question(self) -> Question | None:
        """The first question that is neither answered nor skipped, None at the end."""
        return next((q for q in self.navigator.questions if q.id not in self.answers), None)

    def with_answer(self, question: Question, value: str) -> "Walk":
        """Return the walk after an answer."""
        return Walk(self.turn, self.navigator, {**self.given, question.id: value})

    def without(self, question: Question) -> "Walk":
        """Return the walk with a question open again."""
        return Walk(self.turn, self.navigator, {k: v for k, v in self.given.items() if k != question.id})

    def _is_known(self, name: str, value: str) -> bool:
        return name != KOMMUNE or value in self.turn.knowledge.kommuner


def navigator_button(turn: Turn, topic_id: str) -> tuple[Button, ...]:
    """Return the way in (or on) that belongs under the answer to a topic; none where it does not fit."""
    if in_progress(turn):
        return (button(turn.phrase("naviger_fortsett"), INTENT),)
    navigator = navigator_for(turn.knowledge)
    if topic_id in (*navigator.offered_first, *navigator.offered_also):
        return (button(turn.phrase("naviger_start"), INTENT, svar=START),)
    return ()


def comes_first(turn: Turn, topic_id: str) -> bool:
    """Return whether the way in stands before the other choices under a topic."""
    return topic_id in navigator_for(turn.knowledge).offered_first


def in_progress(turn: Turn) -> bool:
    """Return whether a walk has begun and has questions left."""
    return begun(turn.slots.get("navigator")) and _walk(turn).next_question is not None


def taken(turn: Turn) -> Outcome | None:
    """Return what follows when the message answers the open question; None when it is about something else."""
    walk, question = _walk(turn), _open_question(turn)
    if question is None:
        return None
    if turn.intent == "avkreft":
        return _on(walk.with_answer(question, question.on_no or SKIPPED))
    topic_is_answer = turn.intent in question.taken_as
    if question.slot in turn.told and (turn.intent in _ANSWERS or topic_is_answer):
        return _told(walk, question)
    places = meant_kommuner(turn) if question.id == KOMMUNE and turn.intent in _ANSWERS else []
    if len(places) > 1:
        return Outcome((which_kommune(turn, places),), {"venter": turn.waits_for})
    if turn.intent in _UNCLEAR and turn.count("bom") + 1 < MISSES:
        sorry = turn.phrase("naviger_ikke_forstatt")
        return _ask(walk, question, sorry, bom=turn.count("bom") + 1)
    return None


def navigate(turn: Turn, step: str | None) -> Outcome:
    """Take a step: start, go on, go back, show the list, or an answer ("question:value")."""
    walk = _walk(turn)
    before = turn.slots.get("navigator")
    if step == START or before is None or (step is None and not begun(before)):
        return _begin(Walk(turn, walk.navigator, _told_by_the_way(walk, before)))
    if step == BACK:
        return _back(walk)
    if step == RESULT:
        return _result(walk)
    if step is None:
        return _on(walk, turn.phrase("naviger_videre"))
    name, _, value = step.partition(":")
    question = walk.navigator.question(name)
    if question is None or not (value == SKIPPED or question.accepts(value)):
        return _on(walk)
    return _on(walk.with_answer(question, value))


def _walk(turn: Turn) -> Walk:
    return Walk(turn, navigator_for(turn.knowledge), turn.answers)


def _told_by_the_way(walk: Walk, before: list[str] | None) -> dict[str, str]:
    """Return the answers that a new walk begins with: not those given to an earlier one."""
    told = {name: value for name, value in walk.given.items() if name in SAID_FACTS and value != SKIPPED}
    if not begun(before):
        return told
    return {name: value for name, value in told.items() if walk.navigator.question(name) is None}


def _open_question(turn: Turn) -> Question | None:
    waits = turn.waits_for or ""
    return (
        navigator_for(turn.knowledge).question(waits.removeprefix(WAITS)) if waits.startswith(WAITS) else None
    )


def _told(walk: Walk, question: Question) -> Outcome:
    """Go on with the fact just told; one that fits no option leaves the question unanswered."""
    if question.id in SAID_FACTS:  # it is among the answers already
        return _on(walk)
    reopened = walk.without(question)
    return _on(reopened if question.id in reopened.answers else walk.with_answer(question, SKIPPED))


def _begin(walk: Walk) -> Outcome:
    lead = walk.turn.phrase("naviger", antall=len(walk.navigator.questions))
    known = "" if walk.turn.is_sms else known_facts(walk.turn, walk.navigator, walk.answers)
    return _on(walk, " ".join(filter(None, (lead, known))))


def _on(walk: Walk, lead: str = "") -> Outcome:
    question = walk.next_question
    return _result(walk) if question is None else _ask(walk, question, lead)


def _back(walk: Walk) -> Outcome:
    """Ask the question before the open one (the last one from the list); at the first one, ask it again."""
    questions = walk.navigator.questions
    here = _open_question(walk.turn) or walk.next_question
    index = questions.index(here) if here else len(questions)
    previous = questions[max(index - 1, 0)]
    return _ask(walk.without(previous), previous)


def _ask(walk: Walk, question: Question, lead: str = "", bom: int | None = None) -> Outcome:
    reply = question_reply(walk.turn, walk.navigator, question, walk.answers, lead)
    return Outcome((reply,), {**_remembered(walk), "venter": f"{WAITS}{question.id}", "bom": bom})


def _result(walk: Walk) -> Outcome:
    return Outcome((result_reply(walk.turn, walk.navigator, _answered(walk)),), _remembered(walk))


def _answered(walk: Walk) -> dict[str, str]:
    return walk.navigator.valid(walk.answers)


def _remembered(walk: Walk) -> dict[str, Any]:
    return {"navigator": remembered(walk.given, ())}


def _step(entities: Sequence[dict[str, Any]]) -> str | None:
    return next((str(entity["value"]) for entity in entities if entity.get("entity") == "svar"), None)


class ActionNaviger(TurnAction):
    """Take a step in the navigator."""

    action_name = "action_naviger"

    def outcome(self, turn: Turn) -> Outcome:
        """Take it."""
        return navigate(turn, _step(turn.entities))
