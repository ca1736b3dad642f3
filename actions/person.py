"""To a person. Actions only ask for it (slot `overlevering`); the service says how long it takes, truthfully."""

from collections.abc import Sequence

from rasa_sdk.events import EventType, UserUtteranceReverted

from actions.turn import Outcome, Turn, TurnAction


def handed_over(why: str) -> Outcome:
    """Return the outcome that asks the service for a person."""
    return Outcome(slots={"overlevering": why})


def offer_person(turn: Turn) -> Outcome:
    """Return the question whether a person should take over."""
    own = turn.knowledge.phrases["tilby_menneske"].buttons
    buttons = () if own else turn.yes_no
    return Outcome((turn.say("tilby_menneske", "question", buttons),), {"venter": "menneske"})


def known_number(turn: Turn) -> bool:
    """Return whether there is a number to call: told now, or the one the text message came from."""
    return turn.is_sms or turn.has("telefon")


def call_back(turn: Turn) -> Outcome:
    """Ask the service for a call, or the relative for the number."""
    if known_number(turn):
        return handed_over("tilbakeringing")
    not_a_number = (
        turn.waits_for == "telefon" and turn.intent == "oppgi_opplysning" and not turn.has("tidspunkt")
    )
    asked = "tilbakeringing_ugyldig" if not_a_number else "ring_meg_opp"
    return Outcome((turn.say(asked, "question", (turn.person,)),), {"venter": "telefon"})


def person_declined(turn: Turn) -> Outcome:
    """Say that it is fine not to want a person, with the buttons one begins with."""
    menu = turn.phrase_buttons(turn.knowledge.phrases["start_pa_nytt"])
    return Outcome((turn.say("avkreft", "info", menu, wording=0),))


def number_declined(turn: Turn) -> Outcome:
    """Say that it is fine to give no number."""
    return Outcome((turn.say("uten_telefon", "info", (turn.person,)),))


class ActionOverlever(TurnAction):
    """The relative wants a person."""

    action_name = "action_overlever"

    def outcome(self, turn: Turn) -> Outcome:
        """Ask for one."""
        return handed_over("menneske")


class ActionRingOpp(TurnAction):
    """The relative wants a call: ask for the number when there is none."""

    action_name = "action_ring_opp"

    def outcome(self, turn: Turn) -> Outcome:
        """Ask for the call, or for the number."""
        return call_back(turn)


class ActionTilbyMenneske(TurnAction):
    """What no rule foresees: offer a person."""

    action_name = "action_tilby_menneske"

    def outcome(self, turn: Turn) -> Outcome:
        """Offer one."""
        return offer_person(turn)

    def first_events(self) -> Sequence[EventType]:
        """Take the message back: with no rule after it either, the engine would do this again and again."""
        return (UserUtteranceReverted(),)
