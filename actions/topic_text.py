"""A topic of the knowledge base made into a reply, for the screen or for a text message."""

import zlib
from typing import Final

from actions import sms
from actions.reply import Button, Reply, button, contact_line, sources_of
from actions.topic_sms import outdated_note, reviewed_note, sms_answer
from actions.turn import Turn
from knowledge import Answer, Contact, Topic

MORE_CONTACTS: Final = 8


def answer_reply(turn: Turn, topic: Topic, buttons: tuple[Button, ...], lead: str = "") -> Reply:
    """Return the whole answer to a topic for this relative. `lead` is said before it."""
    if turn.is_sms:
        return sms_answer(turn, topic, buttons, lead)
    answer = topic.answer_for(turn.situation)
    contacts = _contacts(turn, topic)
    return turn.finish(
        Reply(
            text=_text(turn, topic, answer, contacts, lead),
            kind="answer",
            entries=(topic.id, *(contact.id for contact in contacts)),
            sources=sources_of(topic.sources, topic.reviewed),
            buttons=buttons,
            contacts=tuple(contact.card(turn.malform) for contact in contacts),
        )
    )


def short_reply(turn: Turn, topic: Topic, buttons: tuple[Button, ...]) -> Reply:
    """Return the short form of an answer that was given a moment ago."""
    answer = topic.answer_for(turn.situation)
    parts = (turn.phrase("svar_gjentatt"), answer.sms.in_(turn.malform), reviewed_note(turn, topic))
    text = " ".join(filter(None, parts))
    sources = sources_of(topic.sources[:1], topic.reviewed)
    return turn.finish(Reply(text, "answer", entries=(topic.id,), sources=sources, buttons=buttons))


def details_pages(turn: Turn, topic: Topic) -> list[str]:
    """Return what can be told beyond the answer, page by page: details, what many get wrong, other helplines."""
    malform = turn.malform
    texts = [topic.details.in_(malform)]
    if topic.misunderstandings:
        said = [f"- {m.claim.in_(malform)} {m.truth.in_(malform)}" for m in topic.misunderstandings]
        texts.append("\n".join([turn.phrase("etikett_misforstaelser"), *said]))
    others = _other_contacts(turn, topic)
    if others:
        said = [f"- {contact_line(contact, malform)}" for contact in others]
        texts.append("\n".join([turn.phrase("etikett_flere_kontakter"), *said]))
    if not turn.is_sms:
        return texts
    return [page for text in texts for page in sms.split(" ".join(text.split()), sms.PAGE)]


def digest(turn: Turn, topic: Topic) -> str:
    """Return a short mark of the answer this relative would get: equal marks, equal words."""
    answer = topic.answer_for(turn.situation)
    return f"{zlib.crc32((topic.id + answer.short.in_(turn.malform)).encode()):08x}"


def follow_up_buttons(turn: Turn, topic: Topic) -> tuple[Button, ...]:
    """Return the questions that often come next, then more and a person. Few and sure ones by text message."""
    own = tuple(button(choice.label.in_(turn.malform), choice.intent) for choice in topic.follow_ups)
    return (turn.more, turn.person) if turn.is_sms else (*own, turn.more, turn.person)


def related_buttons(turn: Turn, topic: Topic, limit: int = 3) -> tuple[Button, ...]:
    """Return neighbouring topics that have been written."""
    known = [name for name in topic.related if name in turn.knowledge.topics][:limit]
    return tuple(turn.titled(name) for name in known)


def _text(turn: Turn, topic: Topic, answer: Answer, contacts: list[Contact], lead: str) -> str:
    malform = turn.malform
    steps = "\n".join(f"- {step.in_(malform)}" for step in answer.steps)
    parts = [
        lead or answer.recognise.in_(malform),
        answer.short.in_(malform),
        f"{turn.phrase('etikett_gjor_na')}\n{steps}",
        topic.urgent.in_(malform) if topic.urgent else "",
        "\n".join(contact_line(contact, malform) for contact in contacts),
        _law_line(turn, topic),
        *_reservations(turn, topic),
    ]
    return "\n\n".join(part for part in parts if part)


def _law_line(turn: Turn, topic: Topic) -> str:
    sections: dict[str, list[str]] = {}
    for law in topic.law:
        sections.setdefault(law.name, []).append(law.section)
    places = "; ".join(f"{name} {', '.join(parts)}" for name, parts in sections.items())
    return f"{turn.phrase('etikett_lov')}: {places}" if places else ""


def _reservations(turn: Turn, topic: Topic) -> list[str]:
    notes = [turn.phrase("usikkert_svar")] if topic.confidence == "usikker" else []
    return [*notes, outdated_note(turn, topic), reviewed_note(turn, topic)]


def _other_contacts(turn: Turn, topic: Topic) -> list[Contact]:
    """Return helplines for the topic, or for the illness told, that the answer itself does not name."""
    situation = turn.situation
    found = turn.knowledge.contacts_for(topic.id, situation.tilstand, situation.kommune)
    return [contact for contact in found if contact.id not in topic.contacts][:MORE_CONTACTS]


def _contacts(turn: Turn, topic: Topic) -> list[Contact]:
    known = turn.knowledge.contacts
    return [known[name] for name in topic.contacts if name in known]
