"""What an editor types, and what it prints."""

from pathlib import Path

import pytest

import bot.runtime
from bot.cli import main
from knowledge import Knowledge, KnowledgeError


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HJELPELINJE_DATA_DIR", str(tmp_path))


def test_check_finds_nothing_in_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "check", "--today", "2026-11-25"]) == 0
    assert capsys.readouterr().out == "0 findings\n"


def test_check_reads_the_navigator_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "check", "--today", "2027-01-20"]) == 1
    out = capsys.readouterr().out
    assert any(line.startswith("navigator: ") for line in out.splitlines())
    assert any(line.startswith("topics: sorg: next_review: ") for line in out.splitlines())


def test_review_lists_what_is_due_oldest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "review", "--today", "2026-11-25"]) == 0
    assert capsys.readouterr().out == "0 due on 2026-11-25\n"
    assert main(["knowledge", "review", "--today", "2027-06-01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == sorted(lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} due on 2027-06-01"
    assert "topics: klage" in "\n".join(lines)


def test_reload_without_a_running_service_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "reload"]) == 1
    assert "No service is running" in capsys.readouterr().out


def test_feedback_without_any_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "feedback"]) == 0
    assert capsys.readouterr().out == "0 topics\n"


def test_a_broken_file_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Knowledge:
        raise KnowledgeError("navigator/rules.yaml: avlastning: weight: Field required")

    monkeypatch.setattr(bot.runtime, "read_everything", broken)
    assert main(["serve"]) == 2
    said = capsys.readouterr()
    assert said.err == "hjelpelinje: navigator/rules.yaml: avlastning: weight: Field required\n"
    assert said.out == ""
