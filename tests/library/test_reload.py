"""An editor changes a line and sees it live without a restart; a broken file changes nothing."""

import shutil
import stat
from html import unescape
from pathlib import Path

import pytest

import actions.knowledge_base
from bot import control
from bot.control import ask_for_reload, run_control, socket_path
from bot.conversation.noticed import helplines_asked_for
from bot.conversation.service import Service
from knowledge import Knowledge, KnowledgeError, loader
from tests.knowledge.changed import changed
from tests.library.conftest import Client


async def test_what_an_editor_changed_is_answered_from_after_a_reload(
    service: Service, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = changed(knowledge, "topics", "klage", reviewed="en annen dag")
    monkeypatch.setattr(control, "read_everything", lambda: edited)
    async with run_control(service):
        done, said = await ask_for_reload(service.settings)
    assert done and f"{len(knowledge.topics)} topics" in said
    assert service.knowledge is edited
    assert actions.knowledge_base.current() is edited
    actions.knowledge_base.use(knowledge)


async def test_a_broken_file_leaves_the_old_knowledge_and_the_error_is_told(
    service: Service, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Knowledge:
        raise KnowledgeError("topics/klage.yaml: klage: short: the Bokmål text is empty")

    monkeypatch.setattr(control, "read_everything", broken)
    async with run_control(service):
        done, said = await ask_for_reload(service.settings)
    assert not done
    assert "Kept the old" in said and "klage.yaml" in said
    assert service.knowledge is knowledge


async def test_without_a_running_service_it_says_so(service: Service) -> None:
    done, said = await ask_for_reload(service.settings)
    assert not done
    assert "No service is running" in said


async def test_only_the_owner_can_open_the_socket_and_it_goes_with_the_service(service: Service) -> None:
    path = socket_path(service.settings)
    path.touch()  # left by a service that was killed
    async with run_control(service):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_ISSOCK(path.stat().st_mode)
    assert not path.exists()


async def test_a_path_too_long_for_a_socket_stops_nothing(service: Service, tmp_path: Path) -> None:
    service.settings.data_dir = tmp_path / ("x" * 120)
    service.settings.data_dir.mkdir()
    async with run_control(service):
        done, _ = await ask_for_reload(service.settings)
    assert not done


async def test_a_changed_line_is_live_and_a_broken_one_is_not(
    service: Service, client: Client, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(loader.ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(loader, "ROOT", tmp_path / "knowledge")
    file = tmp_path / "knowledge" / "topics" / "klage.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("nb: Jeg vil klage", "nb: Slik klager du", 1), encoding="utf-8")
    try:
        async with run_control(service):
            done, said = await ask_for_reload(service.settings)
            assert done, said
            assert "<h1>Slik klager du</h1>" in await (await client.get("/kunnskap/klage")).text()
            file.write_text(before.replace("reviewed:", "reviwed:", 1), encoding="utf-8")
            done, said = await ask_for_reload(service.settings)
            assert not done and "klage.yaml" in said
            assert "<h1>Slik klager du</h1>" in await (await client.get("/kunnskap/klage")).text()
    finally:
        actions.knowledge_base.use(knowledge)


async def test_a_changed_rate_and_a_new_name_are_live(
    service: Service, client: Client, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(loader.ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(loader, "ROOT", tmp_path / "knowledge")
    rates, contacts = (
        tmp_path / "knowledge" / "rates.yaml",
        tmp_path / "knowledge" / "contacts" / "sykdom.yaml",
    )
    text = rates.read_text(encoding="utf-8")
    rates.write_text(text.replace("nb: 10 dager,", "nb: 12 dager,", 1), encoding="utf-8")
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(
        text.replace("asked_as: [demenslinjen,", "asked_as: [glemmelinja,", 1), encoding="utf-8"
    )
    try:
        async with run_control(service):
            done, said = await ask_for_reload(service.settings)
        assert done, said
        assert "12 dager i året" in unescape(await (await client.get("/kunnskap/omsorgspenger")).text())
        found = helplines_asked_for(service.knowledge, "nummeret til glemmelinja", "kontaktinfo", None)
        assert [entity["value"] for entity in found] == ["kontakt:demenslinjen"]
    finally:
        actions.knowledge_base.use(knowledge)
