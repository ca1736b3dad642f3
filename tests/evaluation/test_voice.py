"""How a message is written is told well enough to count shares."""

import pytest

from bot.evaluation.examples import read_messages
from bot.evaluation.metrics import share
from bot.evaluation.voice import has_official_term, is_long, is_noisy, sentences, variety_of


@pytest.mark.parametrize(
    ("text", "variety"),
    [
        ("Hvordan søker jeg om avlastning for mannen min?", "bokmal"),
        ("Korleis søkjer eg om avlasting for mannen min?", "nynorsk"),
        ("Korsn søke æ om avlastning for mannj min?", "dialekt"),
        ("ka ska me gjer når an far ikkje vil ha hjelp", "dialekt"),
    ],
)
def test_varieties_are_told_apart(text: str, variety: str) -> None:
    assert variety_of(text) == variety


def test_varieties_agree_with_the_labels_of_the_evaluation_set() -> None:
    names = {"bokmal": "bokmal", "nynorsk": "nynorsk"} | dict.fromkeys(
        ("nord", "trondersk", "vest", "ost", "sor"), "dialekt"
    )
    labelled = [message for message in read_messages() if message.variety in names]
    right = sum(variety_of(message.text) == names[message.variety] for message in labelled)
    assert share(right, len(labelled)) >= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "hei kan noen hjelpe meg med mamma",
        "JEG ORKER IKKE MER",
        "Hjeeeelp, hva nå?",
        "Jeg er parorende, hva nå?",
        "Hva skal jeg gjøre når far ikke vil ha hjelp",
    ],
)
def test_marks_of_haste_are_seen(text: str) -> None:
    assert is_noisy(text)


def test_tidy_writing_is_not_noise() -> None:
    assert not is_noisy("Hei! Kan dere si meg hvor jeg skal begynne?")
    assert not is_noisy("MS?")


def test_sentences_are_counted_by_punctuation_and_lines() -> None:
    assert list(sentences("Hei ... Mor er syk! Hva nå?")) == ["Hei", "Mor er syk", "Hva nå"]
    assert is_long("Hei\nMor er syk\nHva nå")
    assert not is_long("Mor er syk. Hva nå?")


def test_the_official_term_counts_for_its_own_topic_only() -> None:
    assert has_official_term("Kan jeg få Omsorgsstønaden etterbetalt?", "omsorgsstonad")
    assert not has_official_term("Kan jeg få omsorgsstønad?", "avlastning")
    assert not has_official_term("Kan jeg få lønn for å passe mor?", "omsorgsstonad")
    assert not has_official_term("hei", "hils")
