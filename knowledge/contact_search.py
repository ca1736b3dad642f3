"""Which helpline somebody asks for, by name or by what it is for: "nummeret til giftinformasjonen", "chat for unge".

Names and purposes stand with the contacts; how people ask stands in asking.yaml. Words are compared as stems.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from knowledge.contact import Contact
from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.search import stems
from knowledge.text import Frozen
from knowledge.wording import bare, pattern

FILE: Final = ROOT / "asking.yaml"
CHARACTERS: Final = 400  # of a message; whoever writes more has more to say than a name
WORDS: Final = 20  # a question for a number is short; in a longer message the number is by the way
MOST: Final = 4

_MARKS: Final = ".,:;!?()\"'«»"


class Asking(Frozen):
    """How people ask: what asks for a number or a page, for writing, words alike and words without meaning."""

    spor: tuple[str, ...]
    spor_kanskje: tuple[str, ...]
    chat: tuple[str, ...]
    sms: tuple[str, ...]
    foran: tuple[str, ...]
    kanal: tuple[str, ...]
    svake: tuple[str, ...]
    samme: dict[str, tuple[str, ...]]
    stopp: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is looked for: all its stems, those that say who, and those that must be written in capitals."""

    contact: str
    stems: frozenset[str]
    who: frozenset[str]
    capitals: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Said:
    """A message as names are looked for in it: its stems, and those in capitals or after words such as "til"."""

    stems: frozenset[str]
    capitals: frozenset[str]


def contacts_asked_for(knowledge: Knowledge, text: str, kommune: str | None = None) -> list[Contact]:
    """Return the contacts that a message names or describes, the best fit first, at most MOST.

    Local ones only for `kommune`, or when the place is named. Those with a chat, when one is asked for.
    """
    return lookup_for(knowledge).find(text, kommune)


def asks_to_reach(knowledge: Knowledge, text: str, *, clearly: bool = False) -> bool:
    """Return whether a short message asks for a number, a chat or a page; `clearly`: in words that mean little else."""
    return lookup_for(knowledge).asks(text, clearly=clearly)


@lru_cache(maxsize=2)
def lookup_for(knowledge: Knowledge) -> "Lookup":
    """Return the lookup of a knowledge base, made once. Raise KnowledgeError for a broken file."""
    return Lookup(knowledge, load_asking())


def load_asking(file: Path = FILE) -> Asking:
    """Read how people ask. Raise KnowledgeError naming the file and what is wrong."""
    try:
        return Asking.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise KnowledgeError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


class Lookup:
    """The contacts of one knowledge base, ready to be asked for."""

    def __init__(self, knowledge: Knowledge, asking: Asking) -> None:
        """Read the names of all contacts."""
        self._contacts = knowledge.contacts
        self._asking = asking
        self._asks_clearly, self._asks_perhaps = pattern(asking.spor), pattern(asking.spor_kanskje)
        self._writes_chat, self._writes_sms = pattern(asking.chat), pattern(asking.sms)
        self._alike = {
            stem: _stem(word) for word, others in asking.samme.items() for stem in stems(" ".join(others))
        }
        self._channel = frozenset(map(_stem, asking.kanal))
        self._weak = frozenset(map(_stem, asking.svake))
        self._stop = frozenset(asking.stopp)
        self._names = [name for contact in knowledge.contacts.values() for name in self._names_of(contact)]

    def asks(self, text: str, *, clearly: bool) -> bool:
        """Return whether a message asks for a way to reach somebody."""
        said = bare(text)
        if len(said.split()) > WORDS:
            return False
        return bool(self._asks_clearly.search(said) or (not clearly and self._asks_perhaps.search(said)))

    def find(self, text: str, kommune: str | None = None) -> list[Contact]:
        """Return the contacts that a message asks for, see `contacts_asked_for`."""
        text = text[:CHARACTERS]
        said = self._said(text)
        hits = [name for name in self._names if name.stems <= said.stems and name.capitals <= said.capitals]
        hits = [hit for hit in hits if not any(hit.who < other.who for other in hits)]
        hits = [hit for hit in hits if not hit.who <= self._weak] or hits
        # More words, then longer ones: "gjeldstelefonen" says more than "Nav".
        hits.sort(key=lambda hit: (-len(hit.who), -sum(map(len, hit.who))))
        generic = frozenset(hit.who for hit in hits if not self._contacts[hit.contact].kommuner)
        ids = dict.fromkeys(hit.contact for hit in hits if self._is_near(hit, kommune, generic))
        found = [self._contacts[contact] for contact in ids]
        return sorted(
            self._by_channel(found, text), key=lambda contact: not self._is_local(contact, kommune)
        )[:MOST]

    def _is_near(self, hit: _Name, kommune: str | None, generic: frozenset[frozenset[str]]) -> bool:
        local = self._contacts[hit.contact].kommuner
        return not local or kommune in local or hit.who not in generic

    @staticmethod
    def _is_local(contact: Contact, kommune: str | None) -> bool:
        return kommune is not None and kommune in contact.kommuner

    def _by_channel(self, found: Sequence[Contact], text: str) -> list[Contact]:
        said = bare(text)
        written = [contact for contact in found if contact.chat]
        by_sms = [contact for contact in found if contact.sms]
        if self._writes_chat.search(said) and written:
            return written
        return by_sms if by_sms and self._writes_sms.search(said) else list(found)

    def _names_of(self, contact: Contact) -> Iterator[_Name]:
        plain, _, more = contact.name.partition("(")
        for phrase in dict.fromkeys((contact.name, plain, more.rstrip(")"), *contact.asked_as)):
            wanted = self._plain(phrase)
            if wanted - self._channel:
                capitals = (
                    word for word in phrase.split() if len(word) > 1 and word.isupper() and word.isalpha()
                )
                shouted = self._plain(" ".join(capitals))
                yield _Name(contact.id, wanted, wanted - self._channel, shouted)

    def _said(self, text: str) -> _Said:
        words = bare(text).split()
        after = (word for before, word in pairwise(words) if before in self._asking.foran)
        written = (word for word in text.split() if word.strip(".,!?").isupper())
        return _Said(self._plain(text), self._plain(" ".join((*after, *written))))

    def _plain(self, text: str) -> frozenset[str]:
        """Return the stems of a text that say something, words alike as one."""
        words = (word for word in text.casefold().split() if word.strip(_MARKS) not in self._stop)
        return frozenset(self._alike.get(stem, stem) for stem in stems(" ".join(words)))


def _stem(word: str) -> str:
    return " ".join(stems(word))
