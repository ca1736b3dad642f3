"""Danger that reaches the engine all the same (a pressed button): the words and numbers at once, and a person."""

from typing import Final

from actions.reply import Reply, contact_line
from actions.turn import Outcome, Turn, TurnAction
from knowledge import CrisisLevel

LEVEL: Final[CrisisLevel] = "high"


class ActionKrise(TurnAction):
    """Answer danger."""

    action_name = "action_krise"

    def outcome(self, turn: Turn) -> Outcome:
        """Give the crisis answer and ask for a person."""
        crisis = turn.knowledge.crisis[turn.intent]
        texts = crisis.texts_for(LEVEL, None, turn.situation.writer_under_18)
        malform = turn.malform
        contacts = [turn.knowledge.contacts[name] for name in texts.contacts]
        if turn.is_sms:
            text = texts.sms.in_(malform)
        else:
            numbers = "\n".join(contact_line(contact, malform) for contact in contacts)
            steps = "\n".join(f"- {step.in_(malform)}" for step in texts.while_waiting)
            text = "\n\n".join((texts.answer.in_(malform), numbers, steps))
        reply = Reply(
            text=text,
            kind="crisis",
            entries=(turn.intent, *texts.contacts),
            contacts=tuple(contact.card(malform) for contact in contacts),
        )
        return Outcome((turn.finish(reply),), {"overlevering": "krise", "tema": None})
