"""Every topic stands in one group of the pages for people."""

from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError
from knowledge.groups import check_groups, load_groups
from tests.knowledge.changed import without


def test_nothing_is_wrong_in_what_is_shipped(knowledge: Knowledge) -> None:
    assert list(check_groups(load_groups(), knowledge)) == []


def test_a_topic_that_is_gone_is_found(knowledge: Knowledge) -> None:
    assert list(check_groups(load_groups(), without(knowledge, "topics", "rus"))) == [("rus", "ukjent emne")]


def test_a_topic_in_no_group_or_two_is_found(knowledge: Knowledge) -> None:
    groups = load_groups()
    assert len(list(check_groups(groups[1:], knowledge))) == len(groups[0].topics)
    assert len(list(check_groups((*groups, groups[0]), knowledge))) == len(groups[0].topics)


@pytest.mark.parametrize("text", ["a: b", "- {id: x}", "- {id: x, title: {nb: X}, topics: []}"])
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text(text)
    with pytest.raises(KnowledgeError, match=r"groups\.yaml"):
        load_groups(file)
