"""The disk full, for real: a small file system with no room left, and a limit on how large a file may grow."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

import bot.channels.sms
import bot.channels.widget
import bot.conversation.answering
from bot.conversation.service import Service
from tests.faults.conftest import Client, Widget, rows
from tests.faults.promises import STORE_SECONDS, assert_healed, assert_told

MEGABYTE = 1024 * 1024
LONG = "Mamma er syk, og jeg lurer på mye. " * 100  # what it takes to need room


class Disk(Protocol):
    """A disk that can be filled."""

    folder: Path

    def fill(self) -> None:
        """Leave no room."""

    def clear(self) -> None:
        """Make room again."""


class SmallDisk:
    """A file system in memory, which only root can make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def clear(self) -> None:
        self._filler.unlink(missing_ok=True)

    def remove(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


class LimitedFiles:
    """A limit on the size of this process's files, at what the largest of the database's has now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        folder.mkdir()

    def fill(self) -> None:
        largest = max(path.stat().st_size for path in self.folder.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, self._before[1]))

    def clear(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)

    remove = clear


def _can_mount() -> bool:
    """Say whether we may make a file system."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


@pytest.fixture(params=[LimitedFiles, *([SmallDisk] if _can_mount() else [])])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    disk = request.param(tmp_path / "disk")
    yield disk
    disk.remove()


@pytest.fixture
def database_url(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database on that disk."""
    monkeypatch.setattr(bot.channels.widget, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.channels.sms, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.conversation.answering, "SWEEP_SECONDS", 0.2)
    return f"sqlite+aiosqlite:///{disk.folder / 'test.db'}"


async def fill_up(disk: Disk, widget: Widget) -> list[str]:
    """Write until nothing more can be stored; return what was acknowledged."""
    disk.fill()
    acknowledged: list[str] = []
    for number in range(40):
        text = f"{number} {LONG}".strip()
        client_id = await widget.send(text)
        seen = len(widget.errors)
        await widget.read_until(lambda it, i=client_id, n=seen: i in it.acks or len(it.errors) > n)
        if client_id not in widget.acks:
            return acknowledged
        acknowledged.append(text)
    raise AssertionError("the disk was not full")


@pytest.mark.usefixtures("engine")
async def test_a_full_disk_loses_nothing_that_was_acknowledged(
    service: Service, client: Client, widget: Widget, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.intake.MESSAGES_PER_MINUTE", 10_000)
    assert await widget.ask("hva er pleiepenger?") == "svar fra engine"
    acknowledged = await fill_up(disk, widget)
    await assert_told(client, widget)
    again = Widget(client, widget.token)  # reading needs no room
    await again.open()
    await again.read_until(lambda it: "hva er pleiepenger?" in it.own)
    disk.clear()
    await assert_healed(service, client, widget)
    await widget.read_until(lambda it: len(it.replies) == len(acknowledged) + 2)
    assert widget.own == ["hva er pleiepenger?", *acknowledged, "hva er avlastning?"]
    assert (await rows(service, "PRAGMA integrity_check")) == [("ok",)]
