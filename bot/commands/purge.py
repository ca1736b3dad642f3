"""`hjelpelinje purge`: delete what is past its time, now."""

import argparse
from typing import Any

from bot import runtime
from bot.runtime import open_service
from bot.settings import Settings


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("purge", help="delete conversations and statistics past their time")
    command.set_defaults(run=run)


async def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Purge and say how much went."""
    async with open_service(settings) as service:
        conversations, events = await runtime.purge(service)
    print(f"deleted {conversations} conversations and {events} events")
    return 0
