"""NorSID is read as it is published, and no sentence leaks between training and test."""

from pathlib import Path

import pytest

from bot.evaluation import norsid
from bot.evaluation.examples import EvaluationError
from bot.evaluation.metrics import Score
from bot.evaluation.norsid import FOLDS, folds, norsid_report, read_norsid, slot_score, spans
from bot.settings import Settings


def block(number: int, version: str, slot: str = "B-datetime") -> str:
    return (
        f"# id: {number}/{version}\n# text: vekk meg klokka {number}\n# intent: alarm/set_alarm\n# dialect: {version}\n"
        f"1\tvekk\talarm/set_alarm\tO\n2\tmeg\talarm/set_alarm\tO\n3\tklokka\talarm/set_alarm\t{slot}\n"
        f"4\t{number}\talarm/set_alarm\tI-datetime\n"
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.conll"
    path.write_text("\n".join(block(n, v) for n in range(10) for v in ("B", "N", "T")), encoding="utf-8")
    return path


def test_a_sentence_has_its_words_tags_and_dialect(file: Path) -> None:
    sentence = read_norsid(file)[1]
    assert (sentence.id, sentence.number, sentence.dialect) == ("0/N", "0", "N")
    assert sentence.words == ("vekk", "meg", "klokka", "0")
    assert sentence.slots == ("O", "O", "B-datetime", "I-datetime")
    assert sentence.intent == "alarm/set_alarm"


def test_a_broken_file_is_named_with_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.conll"
    path.write_text(block(1, "B") + "\n# id: 2/B\n1\tvekk\tx\tO\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"broken\.conll: sentence 2: there is no intent"):
        read_norsid(path)
    with pytest.raises(EvaluationError, match="is missing"):
        read_norsid(tmp_path / "none.conll")


def test_all_versions_of_a_sentence_are_on_the_same_side(file: Path) -> None:
    sentences = read_norsid(file)
    tested = []
    for train, test in folds(sentences):
        assert not {row.number for row in train} & {row.number for row in test}
        assert len(train) + len(test) == len(sentences)
        tested += test
    assert sorted(row.id for row in tested) == sorted(row.id for row in sentences)


def test_slots_are_spans_with_a_name() -> None:
    assert list(spans(["B-a", "I-a", "B-a", "O", "I-b", "I-c"])) == [
        (0, 2, "a"),
        (2, 3, "a"),
        (4, 5, "b"),
        (5, 6, "c"),
    ]


def test_a_slot_with_one_word_too_few_is_wrong() -> None:
    assert slot_score(["B-a", "I-a", "O"], ["B-a", "O", "O"]) == Score(0, 1, 1)
    assert slot_score(["B-a", "I-a", "B-b"], ["B-a", "I-a", "O"]) == Score(1, 0, 1)


async def test_one_file_is_tested_in_folds_and_two_as_they_are(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int]] = []

    async def perfect(_settings: Settings, _name: str, given: dict[str, list[dict[str, object]]]) -> str:
        calls.append((len(given["train"]), len(given["test"])))
        found = {
            "intents": [r["intent"] for r in given["test"]],
            "slots": [r["slots"] for r in given["test"]],
        }
        return norsid.json.dumps(found)

    monkeypatch.setattr(norsid, "run_tool", perfect)
    settings = Settings(_env_file=None)
    figures = await norsid.norsid_figures(settings, [file])
    assert calls == [(24, 6)] * FOLDS
    assert (figures["messages"], figures["intent"], figures["slots"]) == (30, 1, 1)
    assert figures["by_dialect"]["north"]["messages"] == 10
    assert "below" not in norsid_report(figures)
    calls.clear()
    await norsid.norsid_figures(settings, [file, file])
    assert calls == [(30, 30)]
