"""The rules and the engine's model together: how bad it is, and which danger it is."""

import pytest

from bot.dialogue.engine import Parse
from bot.dialogue.understanding import Understanding, decide
from bot.safety import Level, Verdict, redact, screen
from bot.safety.verdict import Evidence

STATEMENT = "Mannen min slår meg akkurat nå"  # krise_vold, imminent by the rules
HINT = Verdict(Level.CONCERN, "krise_vold", 0.5, "self", (Evidence(0, 4, "vold.hint"),))


def parse(danger: float, **crises: float) -> Parse:
    ranking = {"krise_vold": 0.01, "demens": 0.02} | crises
    return Parse(tuple(sorted(ranking.items(), key=lambda row: -row[1])), (), danger)


def decided(text: str, engine: Parse, verdict: Verdict | None = None) -> Understanding:
    return decide(text, redact(text), engine, verdict or screen(text))


def test_the_level_the_rules_are_sure_of_stays_and_both_say_which_danger_it_is() -> None:
    found = decided(STATEMENT, parse(0.9, krise_barn=0.4, krise_vold=0.3))
    assert found.verdict == screen(STATEMENT)
    found = decided(STATEMENT, parse(0.9, krise_barn=0.97))
    assert (found.intent, found.verdict.level) == ("krise_barn", Level.IMMINENT)
    assert (found.verdict.who, found.verdict.likelihood) == (None, 0.9)  # a counselor is told who said so


def test_an_unsure_rules_word_counts_more_than_an_unsure_engine() -> None:
    found = decided("Han er sint igjen", parse(0.9, krise_barn=0.4, krise_vold=0.3), HINT)
    assert (found.intent, found.verdict.who) == ("krise_vold", "self")
    assert found.verdict.level == Level.HIGH


def test_an_engine_that_is_all_but_sure_says_which_danger_it_is() -> None:
    found = decided("Han er sint igjen", parse(0.9, krise_barn=0.97), HINT)
    assert (found.intent, found.verdict.intent) == ("krise_barn", "krise_barn")
    assert found.verdict.who is None
    assert found.verdict.evidence == HINT.evidence


def test_in_another_language_the_rules_know_better() -> None:
    text = "My husband is angry and I do not feel safe at home with him tonight"
    assert decided(text, parse(0.9, krise_barn=0.97), HINT).verdict.intent == "krise_vold"


@pytest.mark.parametrize("danger", [0.0, 0.5, 1.0])
def test_the_engine_never_lowers_the_level(danger) -> None:
    assert decided(STATEMENT, parse(danger)).verdict.level >= screen(STATEMENT).level


def test_the_engine_alone_raises_it_and_names_the_danger() -> None:
    text = "Nå er det stille i rommet hans"
    assert screen(text) == Verdict(Level.NONE, None, 0.0, None)
    found = decided(text, parse(0.8, krise_selvmord_annen=0.5))
    assert (found.verdict.level, found.intent) == (Level.HIGH, "krise_selvmord_annen")


def test_what_nobody_finds_dangerous_stays_so() -> None:
    found = decided("Hva er omsorgsstønad?", parse(0.01, krise_barn=0.3))
    assert found.verdict.level == Level.NONE
    assert found.verdict.intent is None
