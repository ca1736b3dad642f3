"""What an action sees of a turn, and what it gives back: replies, and what to remember."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import knowledge_base, sms
from actions.facts import FACTS, read_answers, read_facts, remembered, said_facts, told_facts
from actions.reply import Button, Kind, Reply, button
from knowledge import Knowledge, Phrase, Situation
from knowledge.vocabulary import SAID_FACTS, Channel

Json = dict[str, Any]

_ANSWER_PREFIX: Final = "svar_"


@dataclass(frozen=True)
class Turn:
    """One turn: the intent and entities of the message, and the slots as they were before it."""

    intent: str
    entities: Sequence[Json]
    slots: Mapping[str, Any]
    knowledge: Knowledge

    @cached_property
    def channel(self) -> Channel:
        """The channel the relative reads on."""
        return "sms" if self.slots.get("kanal") == "sms" else "widget"

    @cached_property
    def malform(self) -> str:
        """The written form the relative uses: "nb" or "nn"."""
        return "nn" if self.slots.get("malform") == "nn" else "nb"

    @property
    def is_sms(self) -> bool:
        """Whether the reply is a text message."""
        return self.channel == "sms"

    @property
    def waits_for(self) -> str | None:
        """What the last reply asked for."""
        return self.slots.get("venter")

    @property
    def awaited_fact(self) -> str | None:
        """The fact the last reply asked for."""
        waits = self.waits_for or ""
        return waits.removeprefix(_ANSWER_PREFIX) if waits.startswith(_ANSWER_PREFIX) else None

    @cached_property
    def facts(self) -> Json:
        """What the relative has told, this message included."""
        by_slot = read_facts(self.entities, self.slots, self.awaited_fact, self.knowledge)
        said = {name: self.answers.get(name) for name in SAID_FACTS}
        return by_slot | {name: value if value in SAID_FACTS[name] else None for name, value in said.items()}

    @cached_property
    def answers(self) -> dict[str, str]:
        """The answers given to the navigator and the facts that have no slot, this message included."""
        return read_answers(self.intent, self.entities, self.slots, self.awaited_fact, self.knowledge)

    @cached_property
    def told(self) -> frozenset[str]:
        """The names of the facts told in this message."""
        said = said_facts(self.intent, self.entities, self.awaited_fact, self.knowledge)
        return told_facts(self.entities, self.awaited_fact, self.knowledge) | said.keys()

    @cached_property
    def situation(self) -> Situation:
        """What an answer may depend on."""
        return Situation(**self.facts, channel=self.channel)

    def count(self, slot: str) -> int:
        """Return a slot that counts, 0 when it is not set."""
        return int(self.slots.get(slot) or 0)

    def has(self, entity: str) -> bool:
        """Return whether the message has such an entity."""
        return any(found.get("entity") == entity for found in self.entities)

    def phrase(self, phrase_id: str, wording: int | None = None, **fields: str | int) -> str:
        """Return a phrase in the relative's written form: the given `wording`, or another from turn to turn."""
        values = {**knowledge_base.own_details(self.malform), **fields}
        which = self.count("tur") if wording is None else wording
        return self.knowledge.phrases[phrase_id].render(self.malform, self.channel, which, **values).strip()

    def say(
        self,
        phrase_id: str,
        kind: Kind = "info",
        buttons: Sequence[Button] = (),
        wording: int | None = None,
        **fields: str | int,
    ) -> Reply:
        """Return a phrase as a reply: `buttons` first, then the phrase's own."""
        own = self.phrase_buttons(self.knowledge.phrases[phrase_id])
        text = self.phrase(phrase_id, wording, **fields)
        return self.finish(Reply(text, kind, entries=(phrase_id,), buttons=(*buttons, *own)))

    def finish(self, reply: Reply) -> Reply:
        """Return `reply` without double buttons, and fit for the channel: choices by number in a text message."""
        buttons = _without_doubles(reply.buttons)
        if not self.is_sms:
            return replace(reply, buttons=buttons)
        text, shown = sms.with_choices(sms.join([reply.text]), buttons, self.phrase("etikett_velg_sms"))
        return replace(reply, text=text, buttons=shown, sources=reply.sources[:1])

    def phrase_buttons(self, phrase: Phrase) -> tuple[Button, ...]:
        """Return the buttons an editor gave to a phrase."""
        return tuple(button(choice.label.in_(self.malform), choice.intent) for choice in phrase.buttons)

    def titled(self, intent: str, **entities: str) -> Button:
        """Return a button with the intent's own title."""
        return button(self.knowledge.intent_title(intent, self.malform), intent, **entities)

    @property
    def person(self) -> Button:
        """The button that always works: to a person."""
        return self.titled("snakke_med_menneske")

    @property
    def more(self) -> Button:
        """The button for more about what was said."""
        return self.titled("utdyp")

    @property
    def yes_no(self) -> tuple[Button, Button]:
        """The buttons yes and no."""
        return self.titled("bekreft"), self.titled("avkreft")


@dataclass(frozen=True)
class Outcome:
    """What an action gives back. Slots left out of `slots` keep their value, but for those that end with a turn."""

    replies: tuple[Reply, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


def read_turn(tracker: Tracker) -> Turn:
    """Return the turn that a tracker stands at. The facts are those before the message came."""
    message = tracker.latest_message or {}
    slots = dict(tracker.slots)
    slots |= _before_message(tracker.events)
    return Turn(
        intent=str((message.get("intent") or {}).get("name") or ""),
        entities=message.get("entities") or (),
        slots=slots,
        knowledge=knowledge_base.current(),
    )


def _before_message(events: Sequence[Json]) -> Json:
    """Return the facts as they were before the last message: the engine has already filled the slots from it."""
    last = max((index for index, event in enumerate(events) if event.get("event") == "user"), default=0)
    facts: Json = dict.fromkeys(FACTS)
    for event in events[:last]:
        if event.get("event") == "slot" and event.get("name") in facts:
            facts[event["name"]] = event.get("value")
    return facts


def _without_doubles(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Return the buttons without later ones that mean the same as an earlier one."""
    kept: dict[str, Button] = {}
    for choice in buttons:
        kept.setdefault(choice.payload, choice)
    return tuple(kept.values())


class TurnAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is untyped
    """An action that ends a turn. A form in progress ends with it: the relative has moved on."""

    action_name: str

    def name(self) -> str:
        """Return the action's id in the domain."""
        return self.action_name

    @abstractmethod
    def outcome(self, turn: Turn) -> Outcome:
        """Return what is said and remembered."""

    def first_events(self) -> Sequence[EventType]:
        """Return events that come before the slots; most actions have none."""
        return ()

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Say the replies; return the events that bring the slots to where the outcome wants them."""
        turn = read_turn(tracker)
        outcome = self.outcome(turn)
        for reply in outcome.replies:
            dispatcher.utter_message(json_message=reply.as_json())
        wanted: Json = {
            **{name: turn.facts[name] for name in FACTS},
            "navigator": remembered(turn.answers, turn.slots.get("navigator")),
            "venter": None,
            "bom": None,
            "kandidater": None,
            "kommune_forsok": None,
            "tur": turn.count("tur") + 1,
            **outcome.slots,
        }
        changed: list[EventType] = [*self.first_events()]
        changed += [
            SlotSet(name, value) for name, value in wanted.items() if tracker.slots.get(name) != value
        ]
        if (tracker.active_loop or {}).get("name"):
            changed += [ActiveLoop(None), SlotSet("requested_slot", None)]
        return changed
