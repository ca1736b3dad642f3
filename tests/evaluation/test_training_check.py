"""The check of the training data finds what must not be there."""

import argparse
from pathlib import Path

import pytest

from bot.commands import data
from bot.evaluation import training_data
from bot.evaluation.examples import EvaluationError
from bot.evaluation.training_check import (
    Domain,
    check,
    evaluation_texts,
    read_domain,
    shares_of,
)
from bot.evaluation.training_data import Annotation, TrainingMessage, read_training_data
from bot.settings import Settings
from knowledge import Knowledge

FILE = """version: "3.1"
nlu:
- intent: demens
  examples: |
    - [mamma]{"entity": "relasjon", "value": "mor"} glemmer alt
    - er det [demens](tilstand) når far roter bort nøklene
- lookup: land
  examples: |
    - Norge
- intent: hils
  examples: |
    - hei
"""


@pytest.fixture
def domain(knowledge: Knowledge) -> Domain:
    return read_domain(knowledge)


def message(text: str, intent: str = "demens", line: int = 1, *annotations: Annotation) -> TrainingMessage:
    return TrainingMessage("x.yml", line, intent, text, annotations)


def errors(
    knowledge: Knowledge, domain: Domain, *messages: TrainingMessage, evaluation: dict[str, str] | None = None
) -> tuple[str, ...]:
    return check(messages, evaluation or {}, domain, knowledge).errors


def test_messages_are_read_with_their_line_and_without_their_marks(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(FILE, encoding="utf-8")
    found = read_training_data(tmp_path)
    assert [(row.place, row.intent, row.text) for row in found] == [
        ("a.yml:5", "demens", "mamma glemmer alt"),
        ("a.yml:6", "demens", "er det demens når far roter bort nøklene"),
        ("a.yml:12", "hils", "hei"),
    ]
    assert found[0].annotations == (Annotation("relasjon", "mamma", "mor", None),)
    assert found[1].annotations == (Annotation("tilstand", "demens", None, None),)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nlu: [", "a.yml"),
        ("- liste", "not a file of training data"),
        ("nlu:\n- intent: hils\n", "a.yml:2: the intent has no examples"),
        ("nlu:\n- intent: hils\n  examples: |\n    hei\n", "a.yml:4: a message begins with"),
        ('nlu:\n- intent: hils\n  examples: |\n    - [hei]{"value": 1}\n', "a.yml:4: an annotation"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=error):
        read_training_data(tmp_path)


def test_the_domain_has_the_intents_of_relatives_and_not_those_of_the_service(
    knowledge: Knowledge, domain: Domain
) -> None:
    assert domain.intents == set(knowledge.intents)
    assert domain.entities["alder"] == {"pasient", "skriver"}


def test_unknown_ids_are_errors(knowledge: Knowledge, domain: Domain) -> None:
    found = errors(
        knowledge,
        domain,
        message("en helt ny setning", "demnes"),
        message("mor er syk nå", "demens", 2, Annotation("relasjn", "mor", None, None)),
        message("hva gjør vi med bestefar", "demens", 3, Annotation("relasjon", "bestefar", "gamling", None)),
        message("hun er åtti år", "demens", 4, Annotation("alder", "åtti", "80", "nabo")),
    )
    assert found == (
        "x.yml:1: unknown intent demnes",
        "x.yml:2: unknown entity relasjn",
        "x.yml:3: unknown value gamling of relasjon",
        "x.yml:4: unknown role nabo of alder",
    )


def test_near_copies_are_errors_and_name_both_places(knowledge: Knowledge, domain: Domain) -> None:
    text = "mor går ut om natta og finner ikke hjem igjen"
    found = errors(knowledge, domain, message(text), message(text + "!", "krise_savnet", 7))
    assert len(found) == 1
    assert found[0].startswith("x.yml:7: near copy of x.yml:1 (0.9")
    assert "demens and krise_savnet" in found[0]


def test_a_message_of_the_evaluation_set_in_the_training_data_is_an_error(
    knowledge: Knowledge, domain: Domain
) -> None:
    text = "mor går ut om natta og finner ikke hjem igjen"
    found = errors(knowledge, domain, message(text), evaluation={"messages_a a0001": text + " nå"})
    assert len(found) == 1
    assert "messages_a a0001 of the evaluation set" in found[0]


def test_a_greeting_may_stand_in_both(knowledge: Knowledge, domain: Domain) -> None:
    assert errors(knowledge, domain, message("hei på deg", "hils"), evaluation={"a 1": "Hei på deg"}) == ()


def test_the_evaluation_set_may_resemble_itself(knowledge: Knowledge, domain: Domain) -> None:
    twice = {"a 1": "hun svarer ikke når jeg ringer", "b 1": "hun svarer ikke når jeg ringer"}
    assert errors(knowledge, domain, message("noe annet"), evaluation=twice) == ()


def test_too_few_messages_are_a_warning(knowledge: Knowledge, domain: Domain) -> None:
    warnings = check([message("mor er glemsk")], {}, domain, knowledge).warnings
    assert "demens: 1 messages, wanted are 250" in warnings
    assert "hils: 0 messages, wanted are 100" in warnings
    assert any("in Nynorsk or dialect" in warning for warning in warnings)


def test_shares_are_of_all_messages(knowledge: Knowledge) -> None:
    shares = shares_of(
        [
            message("Er det demens når mor glemmer navnet mitt?"),
            message("ka gjør æ me ho mamma"),
            message("Ho hugsar ikkje noko. Eg er redd. Kva no?"),
            message("Hei!", "hils"),
        ]
    )
    assert (shares.messages, shares.nynorsk, shares.dialect, shares.noisy, shares.long) == (
        4,
        0.25,
        0.25,
        0.25,
        0.25,
    )
    assert shares.official == pytest.approx(1 / 3)


def test_evaluation_texts_are_read_whatever_else_a_line_holds(tmp_path: Path) -> None:
    (tmp_path / "safety.jsonl").write_text(
        '{"id": "s1", "text": "hei", "level": "none"}\n\n', encoding="utf-8"
    )
    assert evaluation_texts(tmp_path) == {"safety s1": "hei"}


def options(**given: bool) -> argparse.Namespace:
    return argparse.Namespace(**({"strict": False, "quiet": False} | given))


async def test_the_command_fails_on_errors_and_with_strict_on_warnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None)
    file = tmp_path / "a.yml"
    file.write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(data, "read_training_data", lambda: read_training_data(tmp_path))
    assert await data.run_check(settings, options()) == 0
    assert "all" in capsys.readouterr().out
    assert await data.run_check(settings, options(strict=True)) == 1
    file.write_text(FILE.replace("- hei", "- hei\n    - Hei"), encoding="utf-8")
    assert await data.run_check(settings, options(quiet=True)) == 1
    assert "error: a.yml:13: near copy of a.yml:12" in capsys.readouterr().out


def test_the_training_data_is_where_the_command_looks() -> None:
    assert training_data.FOLDER.is_dir()


def test_too_few_near_misses_are_warned_of(knowledge: Knowledge, domain: Domain) -> None:
    near = [TrainingMessage("nesten_krise.yml", n, "sorg", f"near miss {n}", ()) for n in range(1000)]
    assert any("near misses" in warning for warning in check(near[1:], {}, domain, knowledge).warnings)
    assert not any("near misses" in warning for warning in check(near, {}, domain, knowledge).warnings)
