"""The widget's words and numbers: the same in both written languages, and the same everywhere."""

import json
import re
from pathlib import Path

import yaml


def test_the_numbers_are_the_same_everywhere(web_files: Path) -> None:
    texts = json.loads((web_files / "widget" / "texts.json").read_text())
    contacts = texts["contacts"]
    known = {
        entry["id"]: entry
        for path in (web_files.parents[1] / "knowledge" / "contacts").glob("*.yaml")
        for entry in yaml.safe_load(path.read_text())
        if isinstance(entry, dict) and "phone" in entry
    }
    for contact in contacts:
        phone = known[contact["id"]]["phone"]
        assert (contact["display"], contact["dial"]) == (phone["display"], phone["dial"])
        assert known[contact["id"]]["hours"]["phone"]["status"] == "always"
    script = (web_files / "widget" / "widget.js").read_text()
    dials = re.findall(
        r'dial: "(\d+)",\s+display: "([\d ]+)",\s+name: \{ nb: "([^"]+)", nn: "([^"]+)" \}', script
    )
    assert dials == [(c["dial"], c["display"], c["name"]["nb"], c["name"]["nn"]) for c in contacts]
    for language in ("nb", "nn"):
        block = script.split(f"    {language}: {{\n", 1)[1].split("    },", 1)[0]
        for key, text in re.findall(r'(\w+): "([^"]+)"', block):
            assert texts[language][key] == text
    page = (web_files / "demo" / "index.html").read_text()
    shown = re.findall(r'href="tel:(\d+)">([^<]+)</a>', page)
    for dial, display in shown:
        assert (dial, display.replace("&nbsp;", " ")) in {(c["dial"], c["display"]) for c in contacts}
    assert len(shown) == 6


def test_both_written_languages_say_the_same_things(web_files: Path) -> None:
    texts = json.loads((web_files / "widget" / "texts.json").read_text())
    assert texts["nb"].keys() == texts["nn"].keys()
    for key, text in texts["nb"].items():
        other = texts["nn"][key]
        assert type(text) is type(other)
        assert re.findall(r"\{\w+\}", str(text)) == re.findall(r"\{\w+\}", str(other)), key
    modules = "".join(path.read_text() for path in (web_files / "widget").glob("*.js"))
    used = set(re.findall(r'[tT]exts\.get\("(\w+)"', modules))
    assert used <= texts["nb"].keys()
