"""The message that holds just what the last reply asked for, whatever its intent was taken to be."""

from actions import navigator
from actions.kommune_question import meant_kommuner, which_kommune
from actions.person import handed_over, known_number
from actions.topics import resume_topic
from actions.turn import Outcome, Turn


def awaited_answer(turn: Turn) -> Outcome | None:
    """Return what follows when the message holds just what was asked for, whatever its intent was taken to be."""
    step = navigator.taken(turn)
    if step:
        return step
    if turn.waits_for == "telefon" and known_number(turn):
        return handed_over("tilbakeringing")
    if turn.awaited_fact in turn.told:
        return resume_topic(turn)
    places = meant_kommuner(turn) if turn.awaited_fact == "kommune" else []
    if len(places) > 1:
        return Outcome((which_kommune(turn, places),), {"venter": turn.waits_for})
    return None
