"""The two contract commands, as they are used from outside."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.conftest import COMMAND


def run(folder: Path, command: str, lines: list[Any]) -> list[dict[str, Any]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = subprocess.run(
        [COMMAND, command],
        input=text + "\n",
        env=os.environ | {"HJELPELINJE_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_parse_keeps_the_contract(tmp_path: Path) -> None:
    number, phone = "13097248022", "412 34 567"
    text = f"Mora mi på 82 i Sandnes har demens, fnr {number}, ring meg på {phone}"
    lines = run(
        tmp_path,
        "parse",
        [
            {"id": "a", "text": "Hvordan søker jeg avlastning?"},
            "not json",
            {"id": "c", "text": ""},
            {"id": "d", "text": text, "channel": "sms"},
            {"id": "e", "text": "han svarer ikke", "history": ["han sier han skal ta livet sitt i kveld"]},
            {"id": "f", "text": "hun puster ikke"},
            {"id": 7, "text": "x" * 5000},
        ],
    )
    assert [line["id"] for line in lines] == ["a", None, "c", "d", "e", "f", 7]
    assert ["error" in line for line in lines] == [False, True, True, False, False, False, True]
    first = lines[0]
    assert first["intent"] == "avlastning"
    assert len(first["ranking"]) == 5
    assert first["ranking"][0] == {"intent": "avlastning", "confidence": first["confidence"]}
    assert first["crisis"]["level"] == "none"
    assert first["redacted"] == "Hvordan søker jeg avlastning?"
    found = {entity["entity"]: entity for entity in lines[3]["entities"]}
    assert found["fodselsnummer"]["value"] == number
    assert found["telefon"]["value"] == "+4741234567"
    assert found["kommune"]["value"] == "1108"
    assert found["relasjon"]["value"] == "mor"
    assert found["tilstand"]["value"] == "demens"
    assert found["alder"]["value"] == 82
    for entity in lines[3]["entities"]:
        assert text[entity["start"] : entity["end"]] == entity["text"]
    assert number not in lines[3]["redacted"]
    assert lines[5]["crisis"]["level"] == "imminent"
    assert lines[5]["intent"] == "krise_akutt_helse"


def test_ask_keeps_the_contract(tmp_path: Path) -> None:
    lines = run(
        tmp_path,
        "ask",
        [
            {"id": 1, "messages": ["Hvordan søker jeg avlastning?", "mer", "takk"]},
            {"id": 2, "messages": ["hva finnes der jeg bor?", "Sandnes"], "channel": "widget"},
            {"id": 3, "messages": ["jeg vil snakke med et menneske"], "channel": "sms"},
            {"id": 4, "messages": ["jeg vil ta livet mitt"]},
            {"id": 5, "messages": []},
            {"id": 6, "messages": ["hei"], "channel": "fax"},
        ],
    )
    assert [line["id"] for line in lines] == [1, 2, 3, 4, 5, 6]
    answer = lines[0]["turns"][0]["replies"][0]
    assert set(answer) == {"text", "kind", "sources", "entries", "buttons"}
    assert answer["entries"][0] == "avlastning"
    assert answer["sources"][0]["url"].startswith("https://")
    assert lines[1]["turns"][1]["slots"]["kommune"] == "1108"
    assert any("sandnes" in entry for entry in lines[1]["turns"][1]["replies"][0]["entries"])
    assert lines[2]["turns"][0]["state"] == "callback"
    assert lines[3]["turns"][0]["replies"][0]["kind"] == "crisis"
    assert lines[3]["turns"][0]["state"] == "waiting"
    assert "error" in lines[4]
    assert "error" in lines[5]
