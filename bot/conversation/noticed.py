"""What the service notices in a message beside what the engine finds, by phrases that editors keep in `knowledge/`.

It goes to the actions as entities `svar`: "arbeid:ansatt" for a fact, "?" for one who does not know,
"kontakt:demenslinjen" for a helpline that was asked for. The message's own words go no further than here.
"""

from typing import Any, Final

from knowledge import Knowledge
from knowledge.contact_search import asks_to_reach, contacts_asked_for
from knowledge.navigator import SEPARATOR, SKIPPED
from knowledge.told import told_for

Json = dict[str, Any]

CONTACT_INTENT: Final = "kontaktinfo"
# With one of these, the name of a helpline is enough.
_ABOUT_REACHING: Final = frozenset({CONTACT_INTENT, "apningstider"})
# With one of these the message must also ask for a number; clearly, where it is about a topic or about something else.
_UNSURE: Final = frozenset({"usikker", "nlu_fallback", "oppgi_opplysning", "utdyp", "hils"})
_SOMETHING_ELSE: Final = "utenfor_tema"


def said_facts(knowledge: Knowledge, text: str) -> tuple[Json, ...]:
    """Return the facts that the phrases find in a message, as entities; "?" when it only says "I do not know"."""
    told = told_for(knowledge)
    facts = [_answer(f"{fact}{SEPARATOR}{value}") for fact, value in told.facts_in(text).items()]
    return (*facts, _answer(SKIPPED)) if told.is_unknown(text) else tuple(facts)


def helplines_asked_for(
    knowledge: Knowledge, text: str, intent: str, kommune: str | None
) -> tuple[Json, ...]:
    """Return the helplines that a message asks how to reach, as entities; none for danger, or for our own number.

    A message about a topic must ask clearly: its answer has numbers of its own.
    """
    if intent in knowledge.topics or intent == _SOMETHING_ELSE:
        is_asked = asks_to_reach(knowledge, text, clearly=True)
    else:
        is_asked = intent in _ABOUT_REACHING or (intent in _UNSURE and asks_to_reach(knowledge, text))
    found = contacts_asked_for(knowledge, text, kommune) if is_asked else []
    return tuple(_answer(f"kontakt{SEPARATOR}{contact.id}") for contact in found)


def _answer(value: str) -> Json:
    return {"entity": "svar", "value": value}
