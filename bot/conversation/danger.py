"""The answer to danger: at once, from the knowledge base, with the right numbers; then a person."""

from collections.abc import Sequence
from typing import Any

from bot.conversation.model import Reply
from bot.conversation.service import Service
from bot.conversation.words import contact_line, contact_list
from bot.safety import Level, Verdict, redact
from bot.store.conversations import Conversation
from knowledge import CrisisLevel

_LEVELS: dict[Level, CrisisLevel] = {
    Level.IMMINENT: "imminent",
    Level.HIGH: "high",
    Level.CONCERN: "concern",
}


def danger_reply(
    service: Service,
    conversation: Conversation,
    level: Level,
    intent: str,
    *,
    who: str | None = None,
    under_18: bool = False,
    said_before: int = 0,
    on_duty: bool,
) -> Reply:
    """Return what the relative gets at once. `said_before` counts crisis answers so far: other words each time."""
    crisis = service.knowledge.crisis[intent]
    malform = conversation.malform
    texts = crisis.texts_for(_LEVELS[level], who, under_18)
    contacts = [service.knowledge.contacts[contact_id] for contact_id in texts.contacts]
    if conversation.channel == "sms":
        text = texts.sms.in_(malform)
    else:
        person = crisis.person_offer if on_duty else crisis.nobody_on_duty
        text = _widget_text(
            texts.said(malform, said_before),
            contact_list(service, contacts, conversation),
            [step.in_(malform) for step in texts.while_waiting] if said_before == 0 else [],
            person.in_(malform),
        )
        if level is Level.CONCERN and texts.question is not None:
            # Norwegian guidance: ask openly whether somebody thinks of taking their life.
            text = f"{text}\n\n{texts.question.in_(malform)}"
    return Reply(
        text=text,
        kind="crisis",
        entries=(intent, *texts.contacts),
        contacts=tuple(contact_line(contact, malform) for contact in contacts),
    )


def why(verdict: Verdict, text: str) -> dict[str, Any]:
    """Return what a counselor is told of a verdict on `text`: the words the rules took, and the other layer's opinion.

    It is kept with the message, encrypted like it.
    """
    words = [redact(text[evidence.start : evidence.end]).text for evidence in verdict.evidence]
    return {"words": [word for word in dict.fromkeys(words) if word], "likelihood": verdict.likelihood}


def _widget_text(warm: str, numbers: str, steps: Sequence[str], person: str) -> str:
    parts = [warm, numbers, "\n".join(f"- {step}" for step in steps), person]
    return "\n\n".join(part for part in parts if part)
