"""The form that asks for the kommune: kindly, at most twice, and left at once when the relative moves on."""

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict

from actions.kommune_question import meant_kommuner, unknown_button, which_kommune
from actions.offer_text import GIVEN_UP
from actions.turn import Turn, read_turn

# What can be an answer to "which kommune?"; every other intent is a change of subject.
_ANSWERS: Final = frozenset(
    {"lokale_tilbud", "oppgi_opplysning", "bekreft", "avkreft", "utdyp", "nlu_fallback"}
)

# Of these, the ones that name no place: asked again, but not told that the place is unknown.
_NO_PLACE: Final = frozenset({"lokale_tilbud", "bekreft", "utdyp"})


class ActionAskKommune(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """Ask which kommune, in other words the second time; show the choices when a name is shared."""

    def name(self) -> str:
        """Return the action's id in the domain."""
        return "action_ask_kommune"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Say the question."""
        turn = read_turn(tracker)
        found = meant_kommuner(turn)
        buttons = (unknown_button(turn), turn.person)
        if len(found) > 1:
            reply = which_kommune(turn, found)
        elif turn.count("kommune_forsok") and turn.intent in _NO_PLACE:
            reply = turn.say("sporre_kommune", "question", buttons, wording=1)
        elif turn.count("kommune_forsok"):
            reply = turn.say("kommune_ukjent", "question", buttons, wording=0)
        else:
            reply = turn.say("sporre_kommune", "question", buttons, wording=0)
        dispatcher.utter_message(json_message=reply.as_json())
        return [SlotSet("venter", "kommune"), SlotSet("bom", None)]


class ValidateKommuneForm(Action):  # type: ignore[misc]
    """Judge what came while the form asks: a kommune, a vain attempt, a "do not know", or another subject."""

    def name(self) -> str:
        """Return the action's id in the domain."""
        return "validate_kommune_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Return the slots that let the form go on or end; raise ActionExecutionRejection to leave it."""
        turn = read_turn(tracker)
        found = meant_kommuner(turn)
        if turn.intent not in _ANSWERS and not (turn.intent == "usikker" and found):
            raise ActionExecutionRejection(self.name(), "the relative talks about something else")
        if len(found) == 1:
            return [SlotSet("kommune", found[0])]
        known_before = turn.slots.get("kommune")
        if not found and known_before in turn.knowledge.kommuner:
            return [SlotSet("kommune", known_before)]
        return _vain_attempt(turn) if _is_asking(tracker) else [SlotSet("kommune", None)]


def _vain_attempt(turn: Turn) -> list[EventType]:
    attempts = turn.count("kommune_forsok") + 1
    forgotten: list[Any] = [SlotSet("kommune", None), SlotSet("kommune_forsok", attempts)]
    if turn.intent == "avkreft" or attempts >= GIVEN_UP:
        # The form ends without a kommune: offers for the whole country are better than a third question.
        return [*forgotten, SlotSet("requested_slot", None)]
    return forgotten


def _is_asking(tracker: Tracker) -> bool:
    return bool(tracker.slots.get("requested_slot") == "kommune")
