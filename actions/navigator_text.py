"""The rights navigator in words: a question with its choices, and what may apply, for the screen or a text message."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from actions import knowledge_base, sms
from actions.places import in_words
from actions.reply import Button, Reply, button, sources_of
from actions.turn import Turn
from knowledge import Text
from knowledge.navigator import KOMMUNE, SKIPPED, Entitlement, Navigator, Question, Rule

INTENT: Final = "naviger"
BACK, RESULT, START = "tilbake", "svar", "start"
TOP: Final = 5
TOPIC_BUTTONS: Final = 3
PAGE: Final = "/rettigheter"
ENOUGH_ANSWERS: Final = 3  # from here on the relative may ask for the list before the last question


def question_reply(
    turn: Turn, navigator: Navigator, question: Question, answers: Mapping[str, str], lead: str
) -> Reply:
    """Return a question with its choices, a way past it, a way back, and a way to the list."""
    number = navigator.questions.index(question) + 1
    counter = turn.phrase("naviger_teller", 0, nummer=number, antall=len(navigator.questions))
    note = question.chat_note.in_(turn.malform) if question.chat_note else ""
    text = f"{question.text.in_(turn.malform)} {note}".strip()
    said = (
        f"{lead} {text}".strip() if turn.is_sms else "\n\n".join(filter(None, (lead, f"{counter}: {text}")))
    )
    buttons = [
        _step(option.label.in_(turn.malform), f"{question.id}:{option.value}")
        for option in navigator.shown_options(question, answers)
    ]
    buttons.append(_step(turn.phrase("naviger_hopp"), f"{question.id}:{SKIPPED}"))
    if number > 1:
        buttons.append(_step(turn.phrase("naviger_tilbake"), BACK))
    if len(navigator.valid(answers)) >= ENOUGH_ANSWERS:
        buttons.append(_step(turn.phrase("naviger_vis"), RESULT))
    return turn.finish(Reply(said, "question", entries=(INTENT,), buttons=tuple(buttons)))


def known_facts(turn: Turn, navigator: Navigator, answers: Mapping[str, str]) -> str:
    """Return what the conversation has told already, as a sentence; empty when it has told nothing."""
    labels = [answer_label(turn, navigator, name, value) for name, value in answers.items()]
    return turn.phrase("naviger_vet", fakta=", ".join(filter(None, labels))) if labels else ""


def answer_label(turn: Turn, navigator: Navigator, name: str, value: str) -> str:
    """Return an answer as the relative reads it."""
    if name == KOMMUNE:
        kommune = turn.knowledge.kommuner.get(value)
        return in_words(kommune, turn.knowledge) if kommune else ""
    question = navigator.question(name)
    option = question.option(value) if question else None
    return option.label.in_(turn.malform) if option else ""


def result_reply(turn: Turn, navigator: Navigator, answers: Mapping[str, str]) -> Reply:
    """Return what may apply: the five most relevant, and the way to the whole list."""
    found = navigator.entitlements(answers)
    top = found[:TOP]
    text = _sms_list(turn, found) if turn.is_sms else _screen_list(turn, found, answers)
    topics = tuple(dict.fromkeys(item.rule.topic for item in top))
    return turn.finish(
        Reply(
            text=text,
            kind="answer",
            entries=tuple(dict.fromkeys((INTENT, *topics))),
            sources=_sources(navigator, [item.rule for item in top]),
            buttons=_result_buttons(turn, topics, answers),
        )
    )


def page_address(answers: Mapping[str, str], malform: str) -> str:
    """Return the address of the whole list: the answers stand after #, which no browser sends; "" without a site."""
    site = knowledge_base.own_details(malform)["nettsted"].rstrip("/")
    return f"{site}{PAGE}#{urlencode({**answers, 'm': malform})}" if site else ""


def _step(title: str, answer: str) -> Button:
    return button(title, INTENT, svar=answer)


def _screen_list(turn: Turn, found: Sequence[Entitlement], answers: Mapping[str, str]) -> str:
    parts = [turn.phrase("naviger_resultat")]
    parts += [_item(turn, number, item, answers) for number, item in enumerate(found[:TOP], start=1)]
    if len(found) > TOP:
        parts.append(turn.phrase("naviger_flere", antall=len(found)))
    return "\n\n".join(parts)


def _item(turn: Turn, number: int, item: Entitlement, answers: Mapping[str, str]) -> str:
    because = turn.phrase("naviger_fordi", grunner=_joined(turn, item.reasons))
    unknown = turn.phrase("naviger_ukjent", vilkar=item.unknown[0].in_(turn.malform)) if item.unknown else ""
    apply = item.rule.apply.in_(turn.malform).replace("{kommune}", _where(turn, answers))
    return (
        f"{number}. {item.rule.title.in_(turn.malform)}\n{' '.join(filter(None, (because, unknown, apply)))}"
    )


def _where(turn: Turn, answers: Mapping[str, str]) -> str:
    kommune = turn.knowledge.kommuner.get(answers.get(KOMMUNE, ""))
    return turn.phrase("naviger_kommune", navn=kommune.name) if kommune else turn.phrase("naviger_kommunen")


def _joined(turn: Turn, texts: Sequence[Text]) -> str:
    words = [text.in_(turn.malform) for text in texts]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {turn.phrase('naviger_og')} {words[-1]}"


def _sms_list(turn: Turn, found: Sequence[Entitlement]) -> str:
    site = knowledge_base.own_details(turn.malform)["nettsted"].rstrip("/")
    link = turn.phrase("naviger_lenke_sms", adresse=f"{site}{PAGE}") if site else ""
    end = " ".join(filter(None, (turn.phrase("naviger_flere", antall=len(found)), link)))
    titles = [f"- {item.rule.title.in_(turn.malform)}" for item in found[:TOP]]
    while titles:
        text = sms.plain("\n".join((turn.phrase("naviger_resultat"), *titles, end)))
        if sms.fits(text):
            return text
        titles.pop()
    return sms.join([turn.phrase("naviger_resultat"), end])


def _result_buttons(turn: Turn, topics: Sequence[str], answers: Mapping[str, str]) -> tuple[Button, ...]:
    back = _step(turn.phrase("naviger_tilbake"), BACK)
    about = tuple(turn.titled(topic) for topic in topics[:TOPIC_BUTTONS])
    if turn.is_sms:
        return (*about, turn.person)
    address = page_address(answers, turn.malform)
    whole = (Button(turn.phrase("naviger_hele"), address),) if address else ()
    return (*whole, *about, back, turn.person)


def _sources(navigator: Navigator, rules: Sequence[Rule]) -> tuple[dict[str, str], ...]:
    """Return where the rules stand, each page once."""
    first = {rule.sources[0].url: rule.sources[0] for rule in rules}
    return sources_of(first.values(), navigator.reviewed)
