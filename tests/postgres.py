"""A PostgreSQL server of our own on a Unix socket."""

import os
import shutil
import subprocess
from pathlib import Path

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Postgres:
    """A server with a folder of its own; `start` and `stop` it as often as you like, and `remove` it at the end."""

    def __init__(self) -> None:
        assert BINARIES, "PostgreSQL is not installed: apt-get install postgresql"
        # Not under pytest's folder: that one is private to the user who runs the tests.
        made = subprocess.check_output(["mktemp", "-d", "/tmp/hjelpelinje-pg.XXXXXX"], text=True)
        self.home = Path(made.strip())
        self.address = f"postgresql+psycopg://postgres@/postgres?host={self.home}"
        self._as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres")
            self._as_user = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")

    def start(self) -> None:
        """Start it; returns when it answers."""
        options = f"-k {self.home} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def database(self, name: str) -> str:
        """Make an empty database; return its address."""
        for statement in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
            subprocess.run(
                ["psql", "-h", str(self.home), "-U", "postgres", "-q", "-c", statement],
                check=True,
                capture_output=True,
            )
        return self.address.replace("/postgres?", f"/{name}?")

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, command: str, *options: str) -> None:
        assert BINARIES
        subprocess.run(
            [*self._as_user, str(BINARIES / command), "-D", str(self.home / "data"), *options],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.home,
        )
