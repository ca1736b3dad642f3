"""The last committed figures, and what has changed since."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings import ROOT

DOCS = ROOT / "docs" / "evaluation"
FILE = "figures.json"
DECIMALS = 4

Figures = dict[str, Any]


def read_figures(folder: Path = DOCS) -> Figures:
    """Return the saved figures, empty when none were saved."""
    file = folder / FILE
    figures: Figures = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return figures


def save_figures(figures: Mapping[str, Any], folder: Path = DOCS) -> None:
    """Write the figures; sections that are not in `figures` stay as they were."""
    folder.mkdir(parents=True, exist_ok=True)
    merged = read_figures(folder) | dict(figures)
    text = json.dumps(_rounded(merged), indent=1, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def changes(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Return (name, before, now) of the numbers that both have and that differ when rounded."""
    new, old = flat(_rounded(now)), flat(_rounded(before))
    return [(name, old[name], value) for name, value in new.items() if name in old and old[name] != value]


def flat(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return all numbers by their dotted names."""
    found: dict[str, float] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[prefix + name] = value
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
