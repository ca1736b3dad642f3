"""Fixtures for tests of the whole: the real service with its real engine, a real browser, a real SMS gateway."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from bot.settings import ROOT

COMMAND = ROOT / ".venv" / "bin" / "hjelpelinje"
CHROMIUM = "/usr/bin/chromium"
START_SECONDS = 90
PASSWORD = "et langt passord for prøver"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Live:
    """The service as an operator runs it: one process, which keeps the engine."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.engine_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "service.log"
        self._environment = os.environ | {
            "HJELPELINJE_DATA_DIR": str(folder),
            "HJELPELINJE_PORT": str(self.port),
            "HJELPELINJE_ENGINE_PORT": str(self.engine_port),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, **settings: str) -> None:
        """Add settings before the start."""
        self._environment |= settings

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([COMMAND, "serve"], env=self._environment, stdout=log, stderr=log)
        try:
            self.wait_for(database=True, engine=True)
        except AssertionError:
            self.stop()  # leave nothing running behind a test that has failed
            raise

    def wait_for(self, **parts: bool) -> None:
        """Wait until /health says so."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            health = self.health()
            if health is not None and all(health[name] == value for name, value in parts.items()):
                return
            time.sleep(0.2)
        raise AssertionError(f"not {parts} within {START_SECONDS} s:\n{self.log.read_text()[-3000:]}")

    def health(self) -> dict[str, bool] | None:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as response:
                return json.load(response)  # type: ignore[no-any-return]
        except OSError:
            return None

    def kill(self) -> None:
        """Kill the service as a crash would; its engine is left without a parent."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.kill_engine()

    def kill_engine(self) -> None:
        """Kill whatever serves as the engine."""
        for pid in self.engine_pids():
            os.kill(pid, signal.SIGKILL)

    def engine_pids(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"HJELPELINJE_ENGINE_PORT={self.engine_port}\0".encode() in entry.read_bytes():
                    pid = int(entry.parent.name)
                    if b"run.py" in (entry.parent / "cmdline").read_bytes():
                        found.append(pid)
            except OSError:
                continue
        return found

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return its exit status."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def add_counselor(self, username: str, name: str) -> None:
        subprocess.run(
            [COMMAND, "counselor", "add", username, "--name", name],
            env=self._environment,
            input=PASSWORD + "\n",
            text=True,
            check=True,
            capture_output=True,
        )


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A running service with one counselor, Kari."""
    service = Live(tmp_path_factory.mktemp("live"))
    service.add_counselor("kari", "Kari")
    service.start()
    yield service
    service.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        await browser.close()
