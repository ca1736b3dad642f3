"""When the message was not understood, or not for sure: other words, a choice, then a person."""

from typing import Final

from actions.awaited import awaited_answer
from actions.person import offer_person
from actions.reply import Button, Reply, button
from actions.turn import Outcome, Turn, TurnAction

MISSES_BEFORE_PERSON: Final = 2
CANDIDATES: Final = 3

# Candidates that no one would choose from a list: they only make sense as an answer to something.
_NOT_A_CHOICE: Final = frozenset(
    {
        *("bekreft", "avkreft", "oppgi_opplysning", "utdyp", "misforstatt"),
        *("takk", "farvel", "hils", "ros", "ris", "utenfor_tema"),
        *("snakke_med_menneske", "usikker", "nlu_fallback"),
    }
)


def missed(turn: Turn, first: Reply) -> Outcome:
    """Return `first` for the first miss in a row, and the offer of a person from the second on."""
    misses = turn.count("bom") + 1
    if misses < MISSES_BEFORE_PERSON:
        # A fact or a number that was asked for is still welcome in the next message.
        waits = turn.waits_for if turn.awaited_fact or turn.waits_for == "telefon" else None
        return Outcome((first,), {"bom": misses, "venter": waits})
    offered = offer_person(turn)
    return Outcome(offered.replies, {**offered.slots, "bom": misses})


def choose_between(turn: Turn, candidates: list[str]) -> Outcome:
    """Show candidates by their titles, something else, and a person. A choice is no miss, and no hit yet either."""
    buttons: list[Button] = [turn.titled(intent) for intent in candidates]
    buttons += [button(turn.phrase("klargjor_annet"), "avkreft"), turn.person]
    remembered = {"venter": "kandidat", "kandidater": candidates, "bom": turn.slots.get("bom")}
    return Outcome((turn.say("klargjor", "clarify", buttons),), remembered)


def none_of_these(turn: Turn) -> Outcome:
    """Ask for other words when no candidate was meant; the second time, offer a person."""
    return missed(turn, turn.say("omformuler", "clarify", (turn.person,), wording=1))


class ActionBom(TurnAction):
    """No idea what was meant."""

    action_name = "action_bom"

    def outcome(self, turn: Turn) -> Outcome:
        """Take what was asked for if it is there, else ask for other words, else offer a person."""
        first = "tilbakeringing_ugyldig" if turn.waits_for == "telefon" else "omformuler"
        return awaited_answer(turn) or missed(turn, turn.say(first, "clarify", wording=0))


class ActionAvklar(TurnAction):
    """Not sure which of a few: let the relative choose."""

    action_name = "action_avklar"

    def outcome(self, turn: Turn) -> Outcome:
        """Show the candidates; without one worth showing it is a miss."""
        awaited = awaited_answer(turn)
        if awaited:
            return awaited
        candidates = _choices(turn)
        if not candidates:
            return missed(turn, turn.say("omformuler", "clarify", wording=0))
        return choose_between(turn, candidates)


class ActionMisforstatt(TurnAction):
    """The relative says that the answer missed."""

    action_name = "action_misforstatt"

    def outcome(self, turn: Turn) -> Outcome:
        """Apologise and ask for other words; the second time, offer a person."""
        outcome = missed(turn, turn.say("misforstatt", "clarify", (turn.person,), wording=0))
        return Outcome(outcome.replies, {**outcome.slots, "sagt": None})


def _choices(turn: Turn) -> list[str]:
    """Return the candidates worth a button, danger first."""
    given = [str(intent) for intent in turn.slots.get("kandidater") or ()]
    known = [intent for intent in given if intent in turn.knowledge.intents and intent not in _NOT_A_CHOICE]
    return sorted(known, key=lambda intent: not intent.startswith("krise_"))[:CANDIDATES]
