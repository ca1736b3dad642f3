"""Which municipality an address names: by official number or by name."""

from knowledge import Knowledge, Kommune


def find(knowledge: Knowledge, text: str) -> list[Kommune]:
    """Return the municipalities that `text` may mean: one, several of the same name, or none."""
    if text in knowledge.kommuner:
        return [knowledge.kommuner[text]]
    name = _plain(text)
    return [
        kommune
        for kommune in knowledge.kommuner.values()
        if name in {_plain(known) for known in (kommune.name, *kommune.other_names)}
    ]


def _plain(name: str) -> str:
    return name.strip().casefold().replace("-", " ")
