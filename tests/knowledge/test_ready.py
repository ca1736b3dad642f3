"""Everything is read before any of it is used: one broken file stops the whole."""

import pytest

from knowledge import (
    KnowledgeError,
    conditions,
    contact_search,
    groups,
    navigator_loader,
    ready,
    search,
    told,
)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (conditions, "load_conditions"),
        (groups, "load_groups"),
        (search, "load_lexicon"),
        (navigator_loader, "load_navigator"),
        (contact_search, "load_asking"),
        (told, "load_told"),
    ],
)
def test_a_broken_part_stops_the_reading(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    def broken() -> None:
        raise KnowledgeError("file: entry: wrong")

    monkeypatch.setattr(module, name, broken)
    with pytest.raises(KnowledgeError, match="entry"):
        ready.read_everything()


def test_what_is_shipped_can_be_read() -> None:
    assert ready.read_everything().topics
