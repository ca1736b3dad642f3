"""The evaluation files can be read, and what is wrong in one is said without its text."""

from pathlib import Path

import pytest

from bot.evaluation.examples import (
    FOLDER,
    EvaluationError,
    LabelledMessage,
    read_dangers,
    read_lines,
    read_messages,
)
from bot.evaluation.redaction import read_private
from bot.evaluation.training_check import read_domain
from knowledge import Knowledge

LINE = '{"id": "a1", "text": "hemmelig tekst", "intent": "hils", "variety": "bokmal", "form": "kort"}\n'


def test_every_label_of_the_evaluation_set_is_known(knowledge: Knowledge) -> None:
    domain = read_domain(knowledge)
    for message in read_messages():
        assert message.intent in domain.intents, message.id
        for entity in message.entities:
            assert entity.entity in domain.entities, message.id
            values = domain.values.get(entity.entity)
            assert values is None or entity.value is None or entity.value in values, message.id


def test_every_label_of_the_safety_set_is_known(knowledge: Knowledge) -> None:
    for message in read_dangers():
        assert (message.intent is None) == (message.level == "none"), message.id
        assert message.intent is None or message.intent in knowledge.crisis, message.id
        assert message.explicit is not None or message.level == "none", message.id


def test_the_redaction_set_can_be_read() -> None:
    assert read_private()


def test_there_are_enough_messages_to_judge_by() -> None:
    intents = [message.intent for message in read_messages()]
    assert len(intents) >= 800
    assert min(intents.count(name) for name in set(intents)) >= 10
    assert len(read_dangers()) >= 800
    assert sum(bool(message.history) for message in read_dangers()) >= 40
    assert len(read_private()) >= 300


def test_an_error_names_file_line_and_field_but_not_the_text(tmp_path: Path) -> None:
    file = tmp_path / "messages_x.jsonl"
    file.write_text(LINE + '{"id": "a2", "text": "hemmelig tekst", "intent": 5}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"messages_x\.jsonl line 2: intent") as caught:
        read_lines(LabelledMessage, file)
    assert "hemmelig" not in str(caught.value)


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    (tmp_path / "messages_x.jsonl").write_text(LINE, encoding="utf-8")
    (tmp_path / "messages_y.jsonl").write_text(LINE, encoding="utf-8")
    with pytest.raises(EvaluationError, match="a1 is used twice"):
        read_messages(tmp_path)


def test_a_missing_set_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no messages_\*\.jsonl"):
        read_messages(tmp_path)
    with pytest.raises(EvaluationError, match="is missing"):
        read_dangers(tmp_path)


def test_the_sets_are_where_the_commands_look() -> None:
    assert Path(__file__).parent == FOLDER
