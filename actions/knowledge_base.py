"""The knowledge base the actions answer from: read once, replaced as a whole when the service reads it anew."""

from collections.abc import Callable, Mapping
from typing import Final

from knowledge import Knowledge, load_knowledge

OwnDetails = Callable[[str], Mapping[str, str]]

# What phrases may say about this helpline; empty when it is not set.
OWN_DETAILS: Final = ("tjeneste", "timer", "nummer", "epost", "dager", "nettsted")

_knowledge: Knowledge | None = None
_own_details: OwnDetails | None = None


def use(knowledge: Knowledge, own_details: OwnDetails | None = None) -> None:
    """Answer from `knowledge` from now on.

    `own_details` gives the helpline's details (OWN_DETAILS) for a written form ("nb", "nn"); one that is not set is
    left out or empty. None keeps what was given before.
    """
    global _knowledge, _own_details
    _knowledge = knowledge
    _own_details = own_details or _own_details


def current() -> Knowledge:
    """Return the knowledge base in use; the shipped one is read when none was given. Raise KnowledgeError."""
    global _knowledge
    if _knowledge is None:
        _knowledge = load_knowledge()
    return _knowledge


def own_details(malform: str) -> Mapping[str, str]:
    """Return the helpline's own details for phrases."""
    given = _own_details(malform) if _own_details else {}
    return {**dict.fromkeys(OWN_DETAILS, ""), **given}
