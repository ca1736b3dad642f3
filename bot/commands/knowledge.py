"""`hjelpelinje knowledge`: what an editor asks of the knowledge base."""

import argparse
from datetime import date
from typing import Any

from knowledge.check import check

from bot.settings import Settings
from knowledge import load_knowledge


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("knowledge", help="the knowledge base")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="find what is wrong with it")
    checking.add_argument("--today", type=date.fromisoformat, default=None, help="pretend it is this date")
    checking.set_defaults(run=run_check)


async def run_check(_settings: Settings, options: argparse.Namespace) -> int:
    """Print findings; the exit status is 1 if there are any."""
    findings = check(load_knowledge(), options.today or date.today())
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0
