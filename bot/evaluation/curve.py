"""The learning curve: how accuracy grows with the messages an intent is trained on."""

import json
from typing import Any

from bot.evaluation.examples import read_messages
from bot.evaluation.tables import table
from bot.evaluation.tools import run_tool
from bot.evaluation.training_data import read_training_data
from bot.settings import Settings

Figures = dict[str, Any]
HEAD = ("messages an intent", "accuracy of the linear classifier alone")


async def curve_figures(settings: Settings) -> Figures:
    """Return accuracy by messages an intent; raises EvaluationError."""
    given = {
        "train": [(message.text, message.intent) for message in read_training_data()],
        "test": [(message.text, message.intent) for message in read_messages()],
    }
    figures: Figures = json.loads(await run_tool(settings, "curve", given=given))
    return figures


def curve_report(figures: Figures) -> str:
    """Return the figures as a table."""
    return table(HEAD, list(figures.items()))
