"""The few words that steer the rights navigator when they are typed instead of pressed: "fortsett", "tilbake"."""

import json
from collections.abc import Mapping
from typing import Any, Final

from knowledge import Knowledge
from knowledge.navigator import SKIPPED, begun
from knowledge.navigator_loader import navigator_for

_INTENT: Final = "/naviger"
_WAITS: Final = "naviger_"


def typed_step(knowledge: Knowledge, text: str, slots: Mapping[str, Any]) -> str | None:
    """Return the payload that the whole of `text` stands for, None when it is an ordinary message.

    `slots` say whether the navigator has begun and which question is open: outside it "tilbake" means nothing to us.
    """
    said = " ".join(text.casefold().strip(" .!?").split())
    command = next((name for name, words in navigator_for(knowledge).commands.items() if said in words), None)
    if command is None:
        return None
    if command == "start":
        return _step("start")
    waits = str(slots.get("venter") or "")
    if command == "fortsett":
        return _INTENT if begun(slots.get("navigator")) or waits.startswith(_WAITS) else None
    if not waits.startswith(_WAITS):
        return None
    return _step(f"{waits.removeprefix(_WAITS)}:{SKIPPED}" if command == "hopp" else command)


def _step(answer: str) -> str:
    return f"{_INTENT}{json.dumps({'svar': answer})}"
