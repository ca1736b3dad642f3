"""A topic's answer as one text message: answer, danger line, source, question and choices, as far as there is room."""

from datetime import datetime

from actions import sms
from actions.reply import Button, Reply, sources_of
from actions.turn import Turn
from knowledge import OSLO, Source, Topic


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
    old = "\n".join(filter(None, (outdated_note(turn, topic), reviewed_note(turn, topic))))
    # The danger line goes last: what must be said about age gives way to it.
    tries: list[tuple[str, str, Source | None]] = [
        (urgent, old, first),
        (urgent, old, shortest),
        (urgent, old, None),
        (urgent, "", None),
        ("", old, None),
        ("", "", None),
    ]
    for danger, note, source in tries:
        text = sms.plain("\n".join(filter(None, (said, danger, note, _source_line(turn, source), question))))
        reply = turn.finish(_reply(topic, text, source or first, buttons))
        if sms.fits(text) and len(reply.buttons) >= needed:
            return reply
    return turn.finish(_reply(topic, sms.join([said, question]), first, buttons))


def _reply(topic: Topic, text: str, source: Source, buttons: tuple[Button, ...]) -> Reply:
    sources = sources_of([source], topic.reviewed)
    return Reply(text, "answer", entries=(topic.id,), sources=sources, buttons=buttons)


def reviewed_note(turn: Turn, topic: Topic) -> str:
    """Return when a topic was last reviewed if its review is overdue, else nothing."""
    if not topic.is_overdue(datetime.now(OSLO).date()):
        return ""
    day = topic.reviewed
    return turn.phrase("sist_gjennomgatt", dato=f"{day.day}.{day.month}.{day.year}")


def outdated_note(turn: Turn, topic: Topic) -> str:
    """Return where to find what a rate is now, if one of the topic's has ended, else nothing."""
    addresses = dict.fromkeys(source.url for source in topic.outdated)
    return turn.phrase("sats_utgatt", 0, adresse=" ".join(addresses)) if addresses else ""


def _source_line(turn: Turn, source: Source | None) -> str:
    return turn.phrase("etikett_kilde_sms", adresse=source.url) if source else ""
