"""A topic's answer as one text message: answer, danger line, source, question and choices, as far as there is room."""

from actions import sms
from actions.reply import Button, Reply, sources_of
from actions.turn import Turn
from knowledge import Source, Topic


def sms_answer(
    turn: Turn, topic: Topic, buttons: tuple[Button, ...], lead: str = "", question: str = ""
) -> Reply:
    """Return the answer. A long address gives way to a shorter one, then the source to the choices.

    A question needs all its choices; else one way on is enough.
    """
    said = " ".join(part for part in (lead, topic.answer_for(turn.situation).sms.in_(turn.malform)) if part)
    urgent = topic.urgent.in_(turn.malform) if topic.urgent else ""
    first, shortest = topic.sources[0], min(topic.sources, key=lambda source: len(source.url))
    needed = len(buttons) if question else min(1, len(buttons))
    tries: list[tuple[str, Source | None]] = [(urgent, first), (urgent, shortest), (urgent, None), ("", None)]
    for danger, source in tries:
        text = sms.plain("\n".join(filter(None, (said, danger, _source_line(turn, source), question))))
        reply = turn.finish(_reply(topic, text, source or first, buttons))
        if sms.fits(text) and len(reply.buttons) >= needed:
            return reply
    return turn.finish(_reply(topic, sms.join([said, question]), first, buttons))


def _reply(topic: Topic, text: str, source: Source, buttons: tuple[Button, ...]) -> Reply:
    sources = sources_of([source], topic.reviewed)
    return Reply(text, "answer", entries=(topic.id,), sources=sources, buttons=buttons)


def _source_line(turn: Turn, source: Source | None) -> str:
    return turn.phrase("etikett_kilde_sms", adresse=source.url) if source else ""
