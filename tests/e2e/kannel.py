"""Kannel as Debian ships it: bearerbox, smsbox and its fake SMSC, on ports of our own."""

import subprocess
import time
from pathlib import Path

from tests.e2e.conftest import free_port

BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
SECRET = "a-secret-for-tests"
PASSWORD = "a-password-for-tests"
NUMBER = "26100"

_CONFIG = """
group = core
admin-port = {admin}
admin-password = x
smsbox-port = {smsbox}
admin-interface = 127.0.0.1
log-level = 1
store-type = spool
store-location = {folder}/spool

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
log-level = 1
http-request-retry = 60
http-queue-delay = 1

group = sendsms-user
username = hjelpelinje
password = {password}
max-messages = 3
concatenation = true

group = sms-service
keyword = default
catch-all = true
get-url = "{service}/sms/inbound?secret={secret}&from=%p&text=%b&id=%I"
charset = UTF-8
omit-empty = true
max-messages = 0
"""


class Kannel:
    """A running gateway. Texts go in at the SMSC with `send`, and come out there in `received`."""

    def __init__(self, folder: Path, service_url: str) -> None:
        self._folder = folder
        self.send_port = free_port()
        self._smsc = free_port()
        (folder / "spool").mkdir()
        self._config = folder / "kannel.conf"
        self._config.write_text(
            _CONFIG.format(
                admin=free_port(),
                smsbox=free_port(),
                smsc=self._smsc,
                send=self.send_port,
                folder=folder,
                password=PASSWORD,
                secret=SECRET,
                service=service_url,
            )
        )
        self._out = folder / "fakesmsc.out"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._run(BEARERBOX, "-v", "4", str(self._config), log="bearerbox.log")
        time.sleep(1)
        self._run(SMSBOX, "-v", "4", str(self._config), log="smsbox.log")
        time.sleep(1)

    def send(self, sender: str, text: str) -> None:
        """Let a telephone send a text to our number."""
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        self._run(
            FAKE_SMSC, "-H", "127.0.0.1", "-r", str(self._smsc), "-i", "0.1", "-m", "1",
            f'{sender} {NUMBER} text "{quoted}"', log="fakesmsc.out",
        )  # fmt: skip

    @property
    def received(self) -> str:
        """All that the SMSC has been given for telephones, as its log says."""
        return self._out.read_text(errors="replace") if self._out.exists() else ""

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(10)

    def _run(self, *command: str, log: str) -> None:
        with (self._folder / log).open("ab") as out:
            self._processes.append(subprocess.Popen(command, stdout=out, stderr=out))
