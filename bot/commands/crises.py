"""`hjelpelinje crises`: how soon danger was seen and answered by a counselor. Figures only, no content."""

import argparse
from typing import Any

from bot.conversation import crises
from bot.evaluation.tables import table
from bot.limits import FIGURES_DAYS
from bot.runtime import open_service
from bot.safety import Level
from bot.settings import Settings
from bot.store.crises import Times

HEAD = ("level", "crises", "waiting", "alarmed", *(f"{what} {part}" for what in ("seen", "answered")
        for part in ("n", "median", "9 of 10", "longest")))  # fmt: skip


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("crises", help="how soon danger was seen and answered by a counselor")
    command.add_argument(
        "--days", type=int, default=FIGURES_DAYS, help=f"how far back (default {FIGURES_DAYS})"
    )
    command.set_defaults(run=run)


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the table: a row for all, then one a level."""
    async with open_service(settings) as service:
        found = await crises.figures(service, options.days)
    rows = [
        (
            "all" if row.level is None else Level(row.level).label,
            row.crises,
            row.waiting,
            row.alarmed,
            *_cells(row.to_view),
            *_cells(row.to_reply),
        )
        for row in found
    ]
    print(f"Crises of the last {options.days} days; times from the first dangerous message.\n")
    print(table(HEAD, rows))
    return 0


def _cells(times: Times) -> tuple[object, ...]:
    waits = (times.median, times.nine_of_ten, times.longest)
    return (times.number, *("-" if wait is None else f"{wait:.0f} s" for wait in waits))
