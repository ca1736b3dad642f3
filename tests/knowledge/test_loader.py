"""A mistake in a file stops the reading with the file and the entry in the message."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import KnowledgeError, load_knowledge
from knowledge.loader import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    target = tmp_path / "knowledge"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns("*.py", "__pycache__", "lexicon"))
    return target


def replace(file: Path, old: str, new: str) -> None:
    """Replace the first `old` in `file`, which must be there."""
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_the_copy_is_read_as_the_original(copy: Path) -> None:
    assert set(load_knowledge(copy).topics) == set(load_knowledge().topics)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: replace(c / "topics/taushetsplikt.yaml", "confidence: sikker", "tillit: sikker"),
         ("taushetsplikt.yaml", "taushetsplikt")),
        (lambda c: replace(c / "topics/taushetsplikt.yaml", "id: taushetsplikt", "id: taushet"),
         ("taushetsplikt.yaml", "not named for its entry")),
        (lambda c: replace(c / "topics/omsorgspenger.yaml", "{omsorgspenger}", "{omsorg}"),
         ("omsorgspenger.yaml", "unknown rate omsorg")),
        (lambda c: replace(c / "rates.yaml", "id: omsorgspenger_alene", "id: omsorgspenger"),
         ("rates.yaml", "overlap")),
        (lambda c: replace(c / "rates.yaml", "valid_from: 2026-04-01", "valid_from: i vår"),
         ("rates.yaml", "omsorgspenger", "valid_from")),
        (lambda c: replace(c / "topics/taushetsplikt.yaml", "steps:", "steps: ["), ("taushetsplikt.yaml", "line")),
        (lambda c: replace(c / "topics/taushetsplikt.yaml", "url: \"https://", "url: \"(adresse) "),
         ("taushetsplikt.yaml", "url")),
        (lambda c: replace(c / "contacts/nodnumre.yaml", "dial: '113'", "dial: '112'"),
         ("nodnumre.yaml", "amk_113", "phone")),
        (lambda c: replace(c / "contacts/nodnumre.yaml", "- id: politi_112", "- id: amk_113"),
         ("nodnumre.yaml", "amk_113", "twice")),
        (lambda c: replace(c / "contacts/routing.yaml", "amk_113", "amk_911"), ("routing.yaml", "amk_911")),
        (lambda c: replace(c / "crisis/krise_vold.yaml", "  concern:", "  uro:"), ("krise_vold.yaml", "levels")),
        (lambda c: (c / "kommuner.json").write_text("{}"), ("kommuner.json",)),
        (lambda c: (c / "kommuner.json").unlink(), ("kommuner.json", "cannot be read")),
        (lambda c: shutil.rmtree(c / "offers"), ("offers", "missing")),
        (lambda c: (c / "phrases/extra.yaml").write_text("id: hei\n"), ("extra.yaml", "list")),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_entry(
    copy: Path, spoil: Callable[[Path], object], said: tuple[str, ...]
) -> None:
    spoil(copy)
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(copy)
    for part in said:
        assert part in str(error.value)


def test_a_short_answer_over_the_limit_is_refused(copy: Path) -> None:
    replace(
        copy / "topics/taushetsplikt.yaml",
        "Taushetsplikten hindrer",
        "Taushetsplikten hindrer " + "ja " * 100,
    )
    with pytest.raises(KnowledgeError, match="limit is 400"):
        load_knowledge(copy)


def test_what_was_read_cannot_be_changed() -> None:
    kb = load_knowledge()
    with pytest.raises(TypeError):
        kb.topics["ny"] = kb.topics["taushetsplikt"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        kb.topics["taushetsplikt"].confidence = "usikker"  # type: ignore[misc]
