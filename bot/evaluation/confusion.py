"""The confusion matrix as a picture."""

from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.running import Outcome
from bot.evaluation.tools import run_tool
from bot.settings import Settings


async def draw_confusion(
    settings: Settings, outcomes: Sequence[Outcome], intents: Sequence[str], path: Path
) -> None:
    """Write the picture to an absolute path, without intents neither expected nor found. Raises EvaluationError."""
    pairs = [(outcome.message.intent, outcome.found.intent) for outcome in outcomes]
    seen = {name for pair in pairs for name in pair}
    labels = [*(name for name in intents if name in seen), *sorted(seen - set(intents))]
    places = {name: place for place, name in enumerate(labels)}
    matrix = [[0] * len(labels) for _ in labels]
    for expected, found in pairs:
        matrix[places[expected]][places[found]] += 1
    await run_tool(settings, "confusion", str(path), given={"labels": labels, "matrix": matrix})
