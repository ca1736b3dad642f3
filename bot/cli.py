"""The operator's command: `hjelpelinje`. Each subcommand is a module in bot.commands."""

import argparse
import asyncio
import sys

from bot import logs
from bot.commands import ask, counselor, crises, data, evaluate, knowledge, parse, purge
from bot.dialogue.training import TrainingError, train
from bot.evaluation.examples import EvaluationError
from bot.server import serve
from bot.settings import Settings, SettingsError, load_settings
from knowledge import KnowledgeError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status. What goes wrong is one line on standard error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    logs.set_up()
    try:
        return int(asyncio.run(options.run(load_settings(), options)) or 0)
    except (SettingsError, KnowledgeError, TrainingError, EvaluationError) as error:
        print(f"hjelpelinje: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hjelpelinje", description="The assistant for relatives: operator's command."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("serve", help="start everything and serve until stopped")
    add.set_defaults(run=_serve)
    add = commands.add_parser("train", help="train the engine's model if the data has changed")
    add.add_argument("--force", action="store_true", help="train also if nothing has changed")
    add.set_defaults(run=_train)
    for module in (parse, ask, evaluate, data, counselor, crises, knowledge, purge):
        module.add_to(commands)
    return parser


async def _serve(settings: Settings, _options: argparse.Namespace) -> None:
    await serve(settings)


async def _train(settings: Settings, options: argparse.Namespace) -> None:
    print(await train(settings, force=options.force))
