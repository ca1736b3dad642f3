"""What the bot says about the helpline and itself, and small talk: one phrase an intent."""

from typing import Any, Final

from actions import knowledge_base
from actions.contact_text import asked_contacts, contacts_reply
from actions.reply import Button, Reply
from actions.turn import Outcome, Turn, TurnAction

# About the patient or the thread of talk; what is about the writer (kommune, own age) stays.
_FORGOTTEN: Final = ("relasjon", "tilstand", "pasient_alder", "tema", "dybde", "sagt", "navigator")
_PERSON_WITH: Final = frozenset(
    {"om_tjenesten", "personvern", "fagperson", "ris", "annet_sprak", "utenfor_tema"}
)


class ActionSi(TurnAction):
    """Say the phrase that has the intent's id."""

    action_name = "action_si"

    def outcome(self, turn: Turn) -> Outcome:
        """Say it."""
        asked = asked_contacts(turn)
        if asked:
            return Outcome((contacts_reply(turn, asked),))
        if turn.intent == "kontaktinfo":
            return Outcome((_contact_details(turn),))
        # The phrase often has a person button of its own; ours is for those where an editor forgot it.
        has_own = any(
            choice.intent == "snakke_med_menneske" for choice in turn.knowledge.phrases[turn.intent].buttons
        )
        person: tuple[Button, ...] = (turn.person,) if turn.intent in _PERSON_WITH and not has_own else ()
        return Outcome((turn.say(turn.intent, "info", person),))


class ActionStartPaNytt(TurnAction):
    """Begin again: forget the patient and the topic."""

    action_name = "action_start_pa_nytt"

    def outcome(self, turn: Turn) -> Outcome:
        """Say so, with the buttons one begins with."""
        forgotten: dict[str, Any] = dict.fromkeys(_FORGOTTEN)
        return Outcome((turn.say("start_pa_nytt", "info"),), forgotten)


def _contact_details(turn: Turn) -> Reply:
    """Return how to reach the helpline, as far as it is set."""
    details = knowledge_base.own_details(turn.malform)
    first = "kontaktinfo" if details["nummer"] else "kontaktinfo_uten_nummer"
    epost = turn.phrase("kontaktinfo_epost") if details["epost"] else ""
    said = [turn.phrase(first), epost, turn.phrase("kontaktinfo_andre")]
    text = "\n".join(part for part in said if part)
    return turn.finish(Reply(text, "info", entries=(first,), buttons=(turn.person,)))
