"""What is there where I live: the offers, once the form has the kommune or has given up."""

from actions.offer_text import GENERAL, offers_reply
from actions.turn import Outcome, Turn, TurnAction


class ActionLokaleTilbud(TurnAction):
    """Give the offers for the relative's kommune, or for the whole country."""

    action_name = "action_lokale_tilbud"

    def outcome(self, turn: Turn) -> Outcome:
        """Give the first page."""
        return Outcome((offers_reply(turn),), {"tema": GENERAL, "dybde": None, "sagt": None})
