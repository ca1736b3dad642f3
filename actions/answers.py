"""Short answers to what the last reply asked: a fact, a yes, a no. And the same words when nothing was asked."""

from actions.awaited import awaited_answer
from actions.misses import choose_between, none_of_these
from actions.person import call_back, handed_over, number_declined, person_declined
from actions.topics import answer_topic, resume_topic
from actions.turn import Outcome, Turn, TurnAction


class ActionOpplysning(TurnAction):
    """Take a fact: answer the topic at hand anew when it changes something, else thank and ask what is wanted."""

    action_name = "action_opplysning"

    def outcome(self, turn: Turn) -> Outcome:
        """Take it."""
        awaited = awaited_answer(turn)
        if awaited:
            return awaited
        if turn.waits_for == "telefon":
            return call_back(turn)
        resumed = resume_topic(turn) if turn.told else None
        if resumed:
            return resumed
        buttons = (turn.titled("lokale_tilbud"),) if "kommune" in turn.told else ()
        return Outcome((turn.say("oppgi_opplysning", "question", buttons),))


class ActionBekreft(TurnAction):
    """Take a yes: to a person, with what was asked for, to the only candidate, or to nothing."""

    action_name = "action_bekreft"

    def outcome(self, turn: Turn) -> Outcome:
        """Take it."""
        awaited = awaited_answer(turn)
        if awaited:
            return awaited
        if turn.waits_for == "menneske":
            return handed_over("usikker")
        if turn.waits_for == "telefon":
            return call_back(turn)
        candidates = list(turn.slots.get("kandidater") or ()) if turn.waits_for == "kandidat" else []
        if len(candidates) == 1 and candidates[0] in turn.knowledge.topics:
            return answer_topic(turn, candidates[0])
        if candidates:
            return choose_between(turn, candidates)
        ways_on = (turn.more, turn.person) if turn.slots.get("tema") else ()
        return Outcome((turn.say("bekreft", "question", ways_on),))


class ActionAvkreft(TurnAction):
    """Take a no: to a person, a number, the candidates or a fact, each is fine; to nothing, ask what else."""

    action_name = "action_avkreft"

    def outcome(self, turn: Turn) -> Outcome:
        """Take it."""
        awaited = awaited_answer(turn)
        if awaited:
            return awaited
        if turn.awaited_fact:
            return Outcome((turn.say("opplysning_ikke_gitt", "info", (turn.more, turn.person)),))
        if turn.waits_for == "menneske":
            return person_declined(turn)
        if turn.waits_for == "telefon":
            return number_declined(turn)
        if turn.waits_for == "kandidat":
            return none_of_these(turn)
        return Outcome((turn.say("avkreft", "question", (turn.person,)),))
