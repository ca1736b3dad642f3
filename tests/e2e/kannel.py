"""Kannel as Debian ships it: bearerbox, smsbox and its fake SMSC, on ports of our own."""

import re
import subprocess
import time
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from tests.e2e.conftest import free_port

BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
SECRET = "a-secret-for-tests"
PASSWORD = "a-password-for-tests"
NUMBER = "26100"

_RECEIVED = re.compile(r"Got message \d+: <\S+ \S+ (.*?)>$", re.MULTILINE | re.DOTALL)

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
post-url = "{service}/sms/inbound?secret={secret}&id=%I"
send-sender = true
omit-empty = true
max-messages = 0
"""


def _decoded(data: str) -> str:
    """Return the text of one part. The fake SMSC prints no coding, but only UCS-2 holds zero bytes (in a space)."""
    raw = unquote_to_bytes(data.replace("+", " "))
    return raw.decode("utf-16-be" if b"\0" in raw else "utf-8", errors="replace")


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
        self._phone: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._run(BEARERBOX, "-v", "4", str(self._config), log="bearerbox.log")
        time.sleep(1)
        self._run(SMSBOX, "-v", "4", str(self._config), log="smsbox.log")
        time.sleep(1)

    def send(self, sender: str, text: str, kind: str = "text") -> None:
        """Let a telephone send a text to our number; the kind "ucs2" sends it as phones send other alphabets."""
        self._hang_up()
        data = quote(text.encode("utf-16-be")) if kind == "ucs2" else text
        self._phone = self._run(
            FAKE_SMSC, "-H", "127.0.0.1", "-r", str(self._smsc), "-i", "0.1", "-m", "1",
            f"{sender} {NUMBER} {kind} {data}", log="fakesmsc.out",
        )  # fmt: skip

    def _hang_up(self) -> None:
        # The fake SMSC serves one line at a time; what is under way to it waits in Kannel.
        if self._phone and self._phone.poll() is None:
            self._phone.terminate()
            self._phone.wait(10)

    @property
    def received(self) -> str:
        """All that the SMSC has been given for telephones, long texts put together again."""
        if not self._out.exists():
            return ""
        whole = ""
        for payload in _RECEIVED.findall(self._out.read_text(errors="replace")):
            kind, _, data = payload.partition(" ")
            if kind == "text":
                whole += data + "\n"
            elif kind == "udh":
                header, _, rest = data.partition(" data ")
                whole += _decoded(rest) + ("\n" if header[-5:-3] == header[-2:] else "")
        return whole

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(10)

    def _run(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        with (self._folder / log).open("ab") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        self._processes.append(process)
        return process
