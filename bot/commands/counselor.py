"""`hjelpelinje counselor`: accounts for the console."""

import argparse
import getpass
import sys
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.console.auth import add_counselor, check_password, set_disabled
from bot.runtime import open_service
from bot.settings import Settings


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("counselor", help="accounts of counselors")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser(
        "add", help="make an account; the password is asked for, or read from standard input"
    )
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the name that relatives see")
    add.set_defaults(run=run_add)
    for action, disabled in (("disable", True), ("enable", False)):
        change = actions.add_parser(action, help=f"{action} an account")
        change.add_argument("username")
        change.set_defaults(run=run_disable, disabled=disabled)


async def run_add(settings: Settings, options: argparse.Namespace) -> int:
    """Make an account."""
    try:
        password = check_password(_password())
    except ValueError as error:
        print(f"hjelpelinje: {error}", file=sys.stderr)
        return 2
    async with open_service(settings) as service:
        try:
            await add_counselor(service, options.username, options.name, password)
        except IntegrityError:
            print(f"hjelpelinje: there is an account {options.username} already", file=sys.stderr)
            return 2
    print(f"{options.username} can log in at /console")
    return 0


async def run_disable(settings: Settings, options: argparse.Namespace) -> int:
    """Let an account in or not; its sessions end at once."""
    async with open_service(settings) as service:
        if not await set_disabled(service, options.username, options.disabled):
            print(f"hjelpelinje: there is no account {options.username}", file=sys.stderr)
            return 2
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise ValueError("the two passwords differ")
    return first
