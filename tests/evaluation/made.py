"""Outcomes made by hand."""

from typing import Any

from bot.dialogue.understanding import ANSWER_CONFIDENCE, CLARIFY_CONFIDENCE, Decision, Understanding
from bot.evaluation.examples import ExpectedEntity, LabelledMessage
from bot.evaluation.running import Outcome
from bot.safety import Level, Verdict

NOTHING = Verdict(Level.NONE, None, 0.0, None)


def outcome(
    expected: str,
    *ranking: tuple[str, float],
    text: str = "mor bor på Voss",
    variety: str = "bokmal",
    form: str = "vanlig",
    wanted: tuple[ExpectedEntity, ...] = (),
    entities: tuple[dict[str, Any], ...] = (),
    seconds: float = 0.01,
) -> Outcome:
    """Return an outcome with this ranking; the service's own thresholds decide what is done with it."""
    confidence = ranking[0][1]
    if confidence >= ANSWER_CONFIDENCE:
        decision = Decision.ANSWER
    else:
        decision = Decision.CLARIFY if confidence >= CLARIFY_CONFIDENCE else Decision.UNKNOWN
    message = LabelledMessage(id="m", text=text, intent=expected, variety=variety, form=form, entities=wanted)
    found = Understanding(ranking[0][0], confidence, ranking, entities, NOTHING, "nb", text, decision)
    return Outcome(message, found, seconds)
