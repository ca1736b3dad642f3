"""What to do with a stored message: whom it goes to and what is said. A plan changes nothing: `answering` does."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.danger import danger_reply
from bot.conversation.lookup import look_up
from bot.conversation.model import Button, Move, Reply, State
from bot.conversation.navigation import typed_step
from bot.conversation.noticed import CONTACT_INTENT, helplines_asked_for, said_facts
from bot.conversation.service import Service
from bot.conversation.words import alternatives, phrase, shown_number
from bot.dialogue import memory
from bot.dialogue.engine import EngineError, Turn
from bot.dialogue.questions import second_question
from bot.dialogue.understanding import Decision, Understanding, pressed, understand
from bot.safety import Level, Verdict
from bot.store.conversations import Conversation
from knowledge.search import GOOD_SCORE

Json = dict[str, Any]

log = logging.getLogger(__name__)

# Small talk that needs no answer while the relative waits for a person or a call.
_QUIET_WHILE_WAITING = frozenset(
    {"hils", "takk", "bekreft", "avkreft", "oppgi_opplysning", "utdyp", "utenfor_tema"}
)
_HANDOVER_SLOT = "overlevering"
_NEXT_SLOT = "neste"  # the topic of a second question that is not answered yet
_WAITS_SLOT = "venter"  # what the last reply asked for


@dataclass(frozen=True)
class Asked:
    """A message as the planner needs it: decrypted, with what came before."""

    text: str
    payload: str | None
    phone: str | None
    history: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()  # those under the bot's last message
    last_said: tuple[str, ...] = ()  # the entries that message was made from


@dataclass(frozen=True)
class Plan:
    """Replies in order, the dialogue's new memory, and the move they go with; `unread` when the engine failed."""

    replies: tuple[Reply, ...] = ()
    dialogue: Sequence[Json] | None = None
    move: Move | None = None
    reason: str | None = None
    danger: Verdict | None = None
    callback: Json | None = None
    understanding: Understanding | None = field(default=None, repr=False)
    unread: bool = False


@dataclass(frozen=True)
class _Meant:
    """What a message asks of the dialogue: an intent with its entities, and slots to set before."""

    intent: str
    entities: tuple[Json, ...]
    slots: Json = field(default_factory=dict)


async def make_plan(
    service: Service, conversation: Conversation, asked: Asked, *, on_duty: bool, place: int
) -> Plan:
    """Return the plan for one message; raises EngineError when the engine cannot help."""
    if conversation.state == State.COUNSELOR:
        return Plan()
    state = _memory(service, conversation)
    meant, understanding = _pressed(service, conversation, asked, state), None
    if meant is not None and meant.intent in service.knowledge.crisis:
        return Plan(danger=Verdict(Level.HIGH, meant.intent, 1.0, None))
    if meant is None:
        understanding = await understand(service.engine, asked.text, asked.history)
        without_dialogue = _without_dialogue(service, conversation, asked, understanding)
        if without_dialogue is not None:
            return without_dialogue
        meant = await _meant(service, asked, state, understanding)
    turn = await service.engine.turn(
        memory.with_slots(
            state, meant.slots | {"kanal": conversation.channel, "malform": conversation.malform}
        ),
        meant.intent,
        _with_phone(asked, meant.entities),
    )
    plan = _plan_of(service, conversation, asked, turn, on_duty=on_duty, place=place)
    plan = await _with_second_question(service, conversation, plan, understanding)
    plan = replace(plan, understanding=understanding)
    if understanding and understanding.verdict.level == Level.CONCERN:
        plan = _with_concern(service, conversation, plan, understanding.verdict, on_duty)
    return plan


def _pressed(
    service: Service, conversation: Conversation, asked: Asked, state: Sequence[Json]
) -> _Meant | None:
    """Return what a button stands for, also one that is typed: its number, or a word of the navigator."""
    payload = (
        asked.payload
        or _numbered(conversation, asked)
        or typed_step(service.knowledge, asked.text, memory.slots_of(state))
    )
    choice = pressed(payload, frozenset(service.knowledge.intents)) if payload else None
    return _Meant(*choice) if choice else None


def _without_dialogue(
    service: Service, conversation: Conversation, asked: Asked, understanding: Understanding
) -> Plan | None:
    """Return the plan for what no dialogue answers: danger, another language, a word to a person one waits for."""
    if understanding.verdict.level >= Level.HIGH:
        return Plan(danger=understanding.verdict, understanding=understanding)
    spoken = f"annet_sprak_{understanding.language}"
    if understanding.intent == "annet_sprak" and spoken in service.knowledge.phrases:
        return Plan(replies=(phrase(service, conversation, spoken),), understanding=understanding)
    if conversation.state in (State.WAITING, State.CALLBACK) and _is_just_for_the_person(understanding):
        return _noted(service, conversation, asked, understanding)
    return None


async def _meant(
    service: Service, asked: Asked, state: Sequence[Json], understanding: Understanding
) -> _Meant:
    knowledge = service.knowledge
    if asked.phone and memory.slots_of(state).get(_WAITS_SLOT) == "telefon":
        return _Meant(
            "ring_meg_opp", _entities_for(understanding)
        )  # the number we asked for, however it is put
    intent, slots = await _intent_for(service, understanding)
    entities = (*_entities_for(understanding), *said_facts(knowledge, understanding.redacted))
    helplines = helplines_asked_for(knowledge, understanding.redacted, intent, _kommune(understanding, state))
    if helplines:
        return _Meant(CONTACT_INTENT, (*entities, *helplines))
    return _Meant(intent, entities, slots)


def _with_phone(asked: Asked, entities: tuple[Json, ...]) -> tuple[Json, ...]:
    """Say to the dialogue that there is a number; the number itself stays here."""
    if not asked.phone:
        return entities
    others = (entity for entity in entities if entity["entity"] != "telefon")
    return (*others, {"entity": "telefon", "value": "oppgitt"})


async def _with_second_question(
    service: Service, conversation: Conversation, plan: Plan, understanding: Understanding | None
) -> Plan:
    """Answer the second question of this message, or of an earlier one, as soon as nothing else is asked for."""
    if plan.dialogue is None or plan.move is not None:
        return plan
    slots = memory.slots_of(plan.dialogue)
    try:
        found = await _noticed(service, understanding)
        topic = found or slots.get(_NEXT_SLOT)
        if topic is None:
            return plan
        if slots.get(_WAITS_SLOT):
            return _for_later(service, conversation, plan, topic, say_so=found is not None)
        return await _answered_too(service, conversation, plan, topic)
    except EngineError as error:
        log.warning("a second question is not answered: %s", error)  # the first one is
        return plan


async def _noticed(service: Service, understanding: Understanding | None) -> str | None:
    if understanding is None or understanding.decision is not Decision.ANSWER:
        return None
    return await second_question(service.engine, understanding, service.knowledge.topics)


def _for_later(service: Service, conversation: Conversation, plan: Plan, topic: str, *, say_so: bool) -> Plan:
    """Keep the second question until what the first answer asks for has come."""
    title = service.knowledge.intent_title(topic, conversation.malform)
    noticed = (phrase(service, conversation, "ogsa_spurt_etterpa", tema=title),) if say_so else ()
    dialogue = memory.with_slots(plan.dialogue or (), {_NEXT_SLOT: topic})
    return replace(plan, replies=(*noticed, *plan.replies), dialogue=dialogue)


async def _answered_too(service: Service, conversation: Conversation, plan: Plan, topic: str) -> Plan:
    turn = await service.engine.turn(memory.with_slots(plan.dialogue or (), {_NEXT_SLOT: None}), topic, ())
    answered = _plan_of(service, conversation, Asked("", None, None), turn, on_duty=False, place=0)
    title = service.knowledge.intent_title(topic, conversation.malform)
    also = phrase(service, conversation, "ogsa_spurt", tema=title)
    return replace(answered, replies=(*plan.replies, also, *answered.replies))


def engine_down_plan(service: Service, conversation: Conversation, *, on_duty: bool, place: int) -> Plan:
    """Return the plan when the engine is gone: crisis contacts, and a person."""
    numbers = [service.knowledge.contacts["amk_113"], *alternatives(service)]
    sorry = phrase(service, conversation, "motor_nede", contacts=numbers)
    if conversation.state != State.BOT:
        return Plan(replies=(sorry,), unread=True)
    plan = Plan(replies=(sorry,), unread=True)
    return _handed_over(service, conversation, plan, "teknisk", on_duty=on_duty, place=place)


def _memory(service: Service, conversation: Conversation) -> list[Json]:
    if conversation.dialogue is None:
        return memory.begin({})
    return list(service.database.cipher.open(conversation.dialogue))


def _numbered(conversation: Conversation, asked: Asked) -> str | None:
    """By SMS a button is pressed by its number."""
    text = asked.text.strip(" .)")
    if conversation.channel == "sms" and text.isdigit() and 1 <= int(text) <= len(asked.buttons):
        return asked.buttons[int(text) - 1].payload
    return None


async def _intent_for(service: Service, understanding: Understanding) -> tuple[str, Json]:
    if understanding.decision is Decision.ANSWER:
        return understanding.intent, {}
    if understanding.decision is Decision.CLARIFY:
        return "usikker", {"kandidater": understanding.candidates}
    hits = await look_up(service, understanding.redacted)
    found = [hit.topic for hit in hits if hit.score >= GOOD_SCORE]
    return ("usikker", {"kandidater": found}) if found else ("nlu_fallback", {})


def _entities_for(understanding: Understanding) -> tuple[Json, ...]:
    """Return the entities the dialogue works with; private ones stay here."""
    return tuple(
        {key: entity[key] for key in ("entity", "value", "role") if key in entity}
        for entity in understanding.entities
        if entity["entity"] not in ("fodselsnummer", "telefon", "navn")
    )


def _kommune(understanding: Understanding, state: Sequence[Json]) -> str | None:
    told = next((e["value"] for e in understanding.entities if e["entity"] == "kommune"), None)
    return told or memory.slots_of(state).get("kommune")


def _is_just_for_the_person(understanding: Understanding) -> bool:
    return understanding.decision is not Decision.ANSWER or understanding.intent in _QUIET_WHILE_WAITING


def _noted(service: Service, conversation: Conversation, asked: Asked, understanding: Understanding) -> Plan:
    """While waiting, what is not a clear question is a message to the counselor. We say so once, not each time."""
    phrase_id = "beskjed_mottatt" if conversation.state == State.CALLBACK else "ko_satt"
    replies = () if phrase_id in asked.last_said else (phrase(service, conversation, phrase_id, turn=1),)
    callback = {"telefon": asked.phone} if asked.phone else None
    return Plan(replies=replies, callback=callback, understanding=understanding)


def _plan_of(
    service: Service, conversation: Conversation, asked: Asked, turn: Turn, *, on_duty: bool, place: int
) -> Plan:
    replies = tuple(Reply(**message["custom"]) for message in turn.messages if "custom" in message)
    wanted = turn.slots.get(_HANDOVER_SLOT)
    state = memory.keep(turn.events)
    if not replies and not wanted:
        raise EngineError("the engine had nothing to say")
    plan = Plan(replies=replies, dialogue=state)
    if not wanted:
        return plan
    plan = replace(plan, dialogue=memory.with_slots(state, {_HANDOVER_SLOT: None}))
    if wanted == "tilbakeringing":
        own = service.database.cipher.open(conversation.address) if conversation.address else None
        phone = asked.phone or own
        if phone is None:
            raise EngineError("a call was promised without a number")
        plan = replace(plan, callback={"telefon": phone})
    return _handed_over(service, conversation, plan, str(wanted), on_duty=on_duty, place=place)


def _handed_over(
    service: Service, conversation: Conversation, plan: Plan, reason: str, *, on_duty: bool, place: int
) -> Plan:
    """Put the conversation in the queue and say truthfully what happens now."""
    if reason == "tilbakeringing":
        said, what = _callback_noted(service, conversation, plan, on_duty), Move.ASK_LATER
    elif on_duty:
        said, what = _queued(service, conversation, place), Move.ASK_PERSON
    else:
        open_now = alternatives(service)
        said = phrase(service, conversation, "ingen_pa_vakt", kind="handover", contacts=open_now)
        what = Move.ASK_LATER
    return replace(plan, replies=(*plan.replies, said), move=what, reason=reason)


def _queued(service: Service, conversation: Conversation, place: int) -> Reply:
    waits = phrase(service, conversation, "ko_satt", kind="handover")
    where = phrase(service, conversation, "ko_neste" if place == 1 else "ko_plass", plass=place)
    return waits.model_copy(update={"text": f"{waits.text} {where.text}"})


def _callback_noted(service: Service, conversation: Conversation, plan: Plan, on_duty: bool) -> Reply:
    when = phrase(service, conversation, "tilbakeringing_apent" if on_duty else "tilbakeringing_neste_apning")
    phone = (plan.callback or {}).get("telefon", "")
    return phrase(
        service,
        conversation,
        "tilbakeringing_mottatt",
        kind="handover",
        nummer=shown_number(phone),
        tid=when.text,
    )


def _with_concern(
    service: Service, conversation: Conversation, plan: Plan, verdict: Verdict, on_duty: bool
) -> Plan:
    """Put a caring word first when a counselor would want to know; the question is answered all the same."""
    if verdict.intent is None or conversation.level >= int(Level.CONCERN):
        return replace(plan, danger=verdict)
    caring = danger_reply(
        service, conversation, Level.CONCERN, verdict.intent, who=verdict.who, on_duty=on_duty
    )
    return replace(plan, replies=(caring, *plan.replies), danger=verdict)
