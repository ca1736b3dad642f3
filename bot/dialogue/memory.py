"""The dialogue's short memory: slots and the last few turns as Rasa events, without text. Kept encrypted."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.limits import DIALOGUE_TURNS_KEPT

Json = dict[str, Any]

_KEPT = ("event", "name", "value", "policy", "confidence", "hide_rule_turn")
_START: tuple[Json, ...] = (
    {"event": "action", "name": "action_session_start", "policy": None, "confidence": 1.0},
    {"event": "session_started"},
)
_LISTEN: Json = {"event": "action", "name": "action_listen", "policy": None, "confidence": None}


def begin(slots: Mapping[str, Any]) -> list[Json]:
    """Return the state of a new conversation with these slots set."""
    return [*_START, *(_slot(name, value) for name, value in slots.items()), _LISTEN]


def with_slots(state: Sequence[Json], slots: Mapping[str, Any]) -> list[Json]:
    """Return the state with slots set before the next turn."""
    return [*state, *(_slot(name, value) for name, value in slots.items())]


def keep(events: Sequence[Json]) -> list[Json]:
    """Return what to remember of a tracker's events: the slots, the form in progress and the last turns."""
    slim = [_slim(event) for event in events if event["event"] in ("action", "slot", "active_loop", "user")]
    turns = [index for index, event in enumerate(slim) if event["event"] == "user"]
    cut = turns[-DIALOGUE_TURNS_KEPT] if len(turns) > DIALOGUE_TURNS_KEPT else 0
    if cut == 0:
        return [*_START, *(e for e in slim if e.get("name") != "action_session_start")]
    before, after = slim[:cut], slim[cut:]
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in before:
        if event["event"] == "slot":
            slots[event["name"]] = event["value"]
        elif event["event"] == "active_loop":
            loop = event["name"]
    loops = [{"event": "active_loop", "name": loop}] if loop else []
    set_slots = {name: value for name, value in slots.items() if value is not None}
    return [*_START, *(_slot(n, v) for n, v in set_slots.items()), *loops, _LISTEN, *after]


def slots_of(state: Sequence[Json]) -> dict[str, Any]:
    """Return the slots that a state ends with; unset ones are left out."""
    slots = {event["name"]: event["value"] for event in state if event["event"] == "slot"}
    return {name: value for name, value in slots.items() if value is not None}


def _slot(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value}


def _slim(event: Json) -> Json:
    slim = {key: event[key] for key in _KEPT if key in event}
    if event["event"] == "user":
        parsed = event["parse_data"]
        intent = {"name": parsed["intent"]["name"], "confidence": 1.0}
        entities = [
            {key: e[key] for key in ("entity", "value", "role") if key in e}
            for e in parsed.get("entities", [])
        ]
        slim["text"] = "EXTERNAL: " + intent["name"]
        slim["parse_data"] = {"intent": intent, "entities": entities}
        slim["metadata"] = {"is_external": True}
    return slim
