"""Answers to topics: the answer, the one question it may depend on, and the answer again with the new fact."""

from typing import Any, Final

from actions import navigator
from actions.kommune_question import unknown_button
from actions.offer_text import offers_reply
from actions.reply import Button, Reply, button
from actions.topic_sms import sms_answer
from actions.topic_text import (
    answer_reply,
    digest,
    follow_up_buttons,
    related_buttons,
    short_reply,
)
from actions.turn import Outcome, Turn, TurnAction
from knowledge import Ask, Topic
from knowledge.navigator import SEPARATOR, SKIPPED
from knowledge.vocabulary import SAID_FACTS

Json = dict[str, Any]

OFFERS_WITH_ANSWER: Final = 3


def answer_topic(turn: Turn, topic_id: str, lead: str = "") -> Outcome:
    """Answer a topic: in full, or in short when the same was said a moment ago.

    A topic that has not been written is said to be missing, and a person offered. `lead` is said before an answer
    that comes again because the relative told something new.
    """
    topic = turn.knowledge.topics.get(topic_id)
    if topic is None:
        return Outcome(
            (turn.say("mangler_svar", "answer", (turn.person,)),), {"tema": topic_id, "dybde": None}
        )
    mark = digest(turn, topic)
    remembered: Json = {"tema": topic_id, "sagt": mark, "dybde": None}
    if turn.slots.get("sagt") == mark and turn.slots.get("tema") == topic_id:
        return _again(turn, topic, remembered)
    question = _question(turn, topic)
    if question is None:
        replies = (answer_reply(turn, topic, _ways_on(turn, topic), lead), *_local(turn, topic))
        return Outcome(_for_channel(turn, replies), remembered)
    remembered["venter"] = f"svar_{question.slot}"
    choices = _choices(turn, question)
    if turn.is_sms:
        asked_too = sms_answer(turn, topic, choices, lead, question.question.in_(turn.malform))
        return Outcome((asked_too,), remembered)
    asked = Reply(
        question.question.in_(turn.malform),
        "question",
        entries=(topic_id,),
        buttons=(*choices, *navigator.navigator_button(turn, topic_id)),
    )
    return Outcome((answer_reply(turn, topic, (), lead), turn.finish(asked)), remembered)


def resume_topic(turn: Turn) -> Outcome | None:
    """Return the answer to the topic at hand after a fact was told, None when there is no topic."""
    topic_id = turn.slots.get("tema")
    topic = turn.knowledge.topics.get(topic_id or "")
    if topic is None:
        return None
    if digest(turn, topic) != turn.slots.get("sagt"):
        return answer_topic(turn, topic.id, turn.phrase("svar_med_nytt"))
    local = _local(turn, topic)
    if local:
        return Outcome(local, {"dybde": None})
    if turn.awaited_fact in turn.told:
        # What was told changes nothing: say so, rather than the same words again.
        return Outcome((turn.say("opplysning_ikke_gitt", "info", follow_up_buttons(turn, topic)),))
    return None


def _ways_on(turn: Turn, topic: Topic) -> tuple[Button, ...]:
    """Return the buttons under an answer, the way into (or back to) the rights navigator among them."""
    own = follow_up_buttons(turn, topic)
    way = navigator.navigator_button(turn, topic.id)
    if navigator.comes_first(turn, topic.id):
        return (*way, *own)
    # More and a person stay last on the screen; a text message has room for little beside them.
    return (*own, *way) if turn.is_sms else (*own[:-2], *way, *own[-2:])


def _again(turn: Turn, topic: Topic, remembered: Json) -> Outcome:
    way = navigator.navigator_button(turn, topic.id)
    buttons = (turn.more, *related_buttons(turn, topic), *way, turn.person)
    return Outcome((short_reply(turn, topic, buttons),), remembered)


def _question(turn: Turn, topic: Topic) -> Ask | None:
    """Return the topic's question whose answer is not known, where the situation does not already decide.

    One question is enough: after an answer to it, the topic asks no other.
    """
    if turn.awaited_fact and turn.slots.get("tema") == topic.id:
        return None
    return next((ask for ask in topic.ask if _matters(turn, topic, ask) and not _is_known(turn, ask)), None)


def _matters(turn: Turn, topic: Topic, ask: Ask) -> bool:
    if ask.when is None:
        return not topic.answer_for(turn.situation).from_variant
    return ask.when.fits(turn.situation)


def _is_known(turn: Turn, ask: Ask) -> bool:
    if ask.slot == "pasient_alder":
        return turn.situation.age_group is not None
    return turn.facts.get(ask.slot) is not None or ask.slot in turn.answers


def _choices(turn: Turn, ask: Ask) -> tuple[Button, ...]:
    told = tuple(Button(choice.label.in_(turn.malform), ask.payload(choice)) for choice in ask.buttons)
    if ask.slot in SAID_FACTS:
        # Here a plain no is an answer, so not to know needs a payload of its own.
        unknown = button(
            unknown_button(turn).title, "oppgi_opplysning", svar=f"{ask.slot}{SEPARATOR}{SKIPPED}"
        )
        return (*told, unknown)
    return (*told, unknown_button(turn))


def _local(turn: Turn, topic: Topic) -> tuple[Reply, ...]:
    """Return what is near, when the topic is one where the kommune matters and it is known."""
    if not any(ask.slot == "kommune" for ask in topic.ask) or not turn.facts["kommune"]:
        return ()
    return (offers_reply(turn, topic=topic.id, limit=OFFERS_WITH_ANSWER),)


def _for_channel(turn: Turn, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """One text message a turn: the answer; what is near comes when asked for."""
    return replies[:1] if turn.is_sms else replies


class ActionSvar(TurnAction):
    """Answer the topic of the intent."""

    action_name = "action_svar"

    def outcome(self, turn: Turn) -> Outcome:
        """Answer it."""
        return navigator.taken(turn) or answer_topic(turn, turn.intent)
