"""The question which municipality is meant, when a name is shared or several were told."""

from typing import Final

from actions.places import find_kommuner
from actions.reply import Button, Reply, button
from actions.turn import Turn

CHOICES: Final = 5


def meant_kommuner(turn: Turn) -> list[str]:
    """Return the municipalities the message may mean."""
    values = [str(entity.get("value")) for entity in turn.entities if entity.get("entity") == "kommune"]
    return find_kommuner(values, turn.knowledge)


def which_kommune(turn: Turn, found: list[str]) -> Reply:
    """Return the question which of `found` is meant, with a button for each."""
    kommuner = [turn.knowledge.kommuner[number] for number in found[:CHOICES]]
    names = [f"{kommune.name} ({kommune.fylke_name})" for kommune in kommuner]
    buttons = [
        button(name, "oppgi_opplysning", kommune=kommune.number)
        for name, kommune in zip(names, kommuner, strict=True)
    ]
    return turn.say(
        "kommune_flere",
        "question",
        (*buttons, unknown_button(turn)),
        sted=" / ".join(dict.fromkeys(kommune.name for kommune in kommuner)),
        forslag=", ".join(names),
    )


def unknown_button(turn: Turn) -> Button:
    """Return the button for somebody who does not know, or will not say."""
    return button(turn.phrase("etikett_vet_ikke"), "avkreft")
