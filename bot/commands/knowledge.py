"""`hjelpelinje knowledge`: what an editor asks of the knowledge base."""

import argparse
from datetime import date, datetime
from typing import Any

from bot.control import ask_for_reload
from bot.dialogue.training import count_lemmas
from bot.evaluation.training_data import read_training_data
from bot.runtime import open_service
from bot.settings import Settings
from bot.store import votes
from knowledge import OSLO, load_knowledge
from knowledge.check import check
from knowledge.conditions import check_conditions, load_conditions
from knowledge.groups import check_groups, load_groups
from knowledge.lemmas import choose, texts_of
from knowledge.navigator_loader import check_navigator, load_navigator
from knowledge.ready import read_everything
from knowledge.review import due
from knowledge.search import PIPELINE_FILE, check_synonyms
from knowledge.told import check_told, load_told

_LEMMAS_HEAD = """\
# Made by `hjelpelinje knowledge lemmas` from our spaCy pipeline: the lemma, and forms of it that the stemmer does not
# bring together. Not edited by hand: what stands in lemma.yaml comes first.
"""


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("knowledge", help="the knowledge base")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="find what is wrong with it")
    checking.set_defaults(run=run_check)
    reviewing = actions.add_parser("review", help="list what is due for review, oldest first")
    reviewing.set_defaults(run=run_review)
    for dated in (checking, reviewing):
        dated.add_argument("--today", type=date.fromisoformat, default=None, help="pretend it is this date")
    reloading = actions.add_parser("reload", help="let the running service read it anew, without a restart")
    reloading.set_defaults(run=run_reload)
    learning = actions.add_parser("lemmas", help="ask the spaCy pipeline anew for the lemmas the search uses")
    learning.set_defaults(run=run_lemmas)
    answering = actions.add_parser(
        "feedback", help="count what readers said about the pages, least useful first"
    )
    answering.set_defaults(run=run_feedback)


async def run_check(_settings: Settings, options: argparse.Namespace) -> int:
    """Print findings; the exit status is 1 if there are any."""
    findings = find(options.today or _today())
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0


def find(today: date) -> list[str]:
    """Return everything that is wrong in the shipped knowledge base, one line each."""
    knowledge = read_everything()
    findings = [str(finding) for finding in check(knowledge, today)]
    for place, found in (
        ("conditions", check_conditions(load_conditions())),
        ("navigator", check_navigator(load_navigator(), knowledge, today)),
        ("groups", check_groups(load_groups(), knowledge)),
        ("lexicon", check_synonyms(knowledge)),
        ("told", check_told(load_told())),
    ):
        findings += [f"{place}: {entry}: {problem}" for entry, problem in found]
    return findings


async def run_review(_settings: Settings, options: argparse.Namespace) -> int:
    """Print what is due, what has waited longest first."""
    today = options.today or _today()
    items = due(load_knowledge(), load_navigator(), today)
    for item in items:
        print(item)
    print(f"{len(items)} due on {today}")
    return 0


async def run_reload(settings: Settings, _options: argparse.Namespace) -> int:
    """Let the running service read the knowledge base anew; the exit status is 1 when it kept the old one."""
    done, said = await ask_for_reload(settings)
    print(said)
    return 0 if done else 1


async def run_lemmas(settings: Settings, _options: argparse.Namespace) -> int:
    """Write the file of lemmas, from what the topics say and what people write (data/nlu)."""
    knowledge = load_knowledge()
    texts = [*texts_of(knowledge), *(" ".join(message.text.split()) for message in read_training_data())]
    chosen = choose(await count_lemmas(settings, texts), knowledge)
    lines = [f"{lemma}: [{', '.join(forms)}]\n" for lemma, forms in chosen.items()]
    PIPELINE_FILE.write_text(_LEMMAS_HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(chosen)} lemmas, {sum(map(len, chosen.values()))} forms: {PIPELINE_FILE}")
    return 0


async def run_feedback(settings: Settings, _options: argparse.Namespace) -> int:
    """Print how often a topic's page was of use and how often not."""
    async with open_service(settings) as service, service.database.read() as connection:
        counted = await votes.totals(connection)
    for topic, (yes, no) in sorted(counted.items(), key=lambda row: (row[1][0] - row[1][1], row[0])):
        print(f"{topic}: {yes} yes, {no} no")
    print(f"{len(counted)} topics")
    return 0


def _today() -> date:
    return datetime.now(OSLO).date()
