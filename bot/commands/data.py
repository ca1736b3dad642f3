"""`hjelpelinje data`: what a writer of training messages asks of data/nlu."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from bot.evaluation import examples
from bot.evaluation.tables import table
from bot.evaluation.training_check import Shares, check, evaluation_texts, read_domain, shares_of
from bot.evaluation.training_data import TrainingMessage, read_training_data
from bot.settings import Settings
from knowledge import load_knowledge

HEAD = ("intent", "messages", "Nynorsk", "dialect", "noise", "> 2 sentences", "< 6 words", "official term")


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("data", help="the training data")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="count it, and find near copies, unknown ids and leaks")
    checking.add_argument(
        "--strict", action="store_true", help="fail also on too few messages and missed shares"
    )
    checking.add_argument("--quiet", action="store_true", help="leave out the table")
    checking.set_defaults(run=run_check)


async def run_check(_settings: Settings, options: argparse.Namespace) -> int:
    """Print table and findings; the exit status is 1 when there are errors, with --strict also on warnings."""
    messages = read_training_data()
    knowledge = load_knowledge()
    if not options.quiet:
        print(table(HEAD, list(_rows(messages))) + "\n")
    found = check(messages, evaluation_texts(examples.FOLDER), read_domain(knowledge), knowledge)
    for warning in found.warnings:
        print(f"warning: {warning}")
    for error in found.errors:
        print(f"error: {error}")
    print(f"{len(messages)} messages, {len(found.errors)} errors, {len(found.warnings)} warnings")
    return 1 if found.errors or (options.strict and found.warnings) else 0


def _rows(messages: Sequence[TrainingMessage]) -> Iterator[tuple[object, ...]]:
    by_intent: dict[str, list[TrainingMessage]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(message)
    for intent, members in by_intent.items():
        yield _row(intent, shares_of(members))
    yield _row("all", shares_of(messages))


def _row(name: str, shares: Shares) -> tuple[object, ...]:
    parts = (shares.nynorsk, shares.dialect, shares.noisy, shares.long, shares.short, shares.official)
    return (name, shares.messages, *("-" if part is None else f"{part:.0%}" for part in parts))
