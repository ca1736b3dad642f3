"""Settings: each has a default that works, and a wrong one is one clear line."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT, SettingsError, load_settings

COMMAND = ROOT / ".venv" / "bin" / "hjelpelinje"


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = load_settings(_env_file=None, data_dir=tmp_path)
    keys = settings.keys
    path = tmp_path / "secret.keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_settings(_env_file=None, data_dir=tmp_path).keys == keys


def test_an_empty_key_file_is_an_error_and_not_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "secret.keys").touch()
    with pytest.raises(SettingsError, match="restore it"):
        _ = load_settings(_env_file=None, data_dir=tmp_path).keys


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HJELPELINJE_PORT", "many", "HJELPELINJE_PORT"),
        ("HJELPELINJE_SECRET_KEYS", "short", "HJELPELINJE_SECRET_KEYS"),
        ("HJELPELINJE_SMS_PROVIDER", "kannel", "HJELPELINJE_KANNEL_PASSWORD"),
        ("HJELPELINJE_SMS_PROVIDER", "pigeon", "HJELPELINJE_SMS_PROVIDER"),
        ("HJELPELINJE_ALARM_WEBHOOK_URL", "http://vakt.example.no", "https://"),
        ("HJELPELINJE_ALARM_WEBHOOK_URL", "https://vakt.example.no", "HJELPELINJE_ALARM_WEBHOOK_SECRET"),
        ("HJELPELINJE_ALARM_WEBHOOK_SECRET", "whsec_c2hvcnQ=", "24 bytes"),
        ("HJELPELINJE_ALARM_WEBHOOK_SECRET", "not base64", "base64"),
        ("HJELPELINJE_ALARM_PHONE", "90000000", "HJELPELINJE_SMS_PROVIDER"),
        ("HJELPELINJE_ALARM_PHONE", "vakta", "phone number"),
    ],
)
def test_a_bad_setting_is_one_clear_line(tmp_path: Path, name: str, value: str, said: str) -> None:
    environment = os.environ | {"HJELPELINJE_DATA_DIR": str(tmp_path), name: value}
    done = subprocess.run([COMMAND, "purge"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert said in lines[0]


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = os.environ | {
            "HJELPELINJE_DATA_DIR": str(tmp_path),
            "HJELPELINJE_PORT": str(taken.getsockname()[1]),
        }
        done = subprocess.run(
            [COMMAND, "serve"], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert "is taken" in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_an_account_cannot_have_a_short_password_or_be_made_twice(tmp_path: Path) -> None:
    environment = os.environ | {"HJELPELINJE_DATA_DIR": str(tmp_path)}

    def add(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "counselor", "add", "kari", "--name", "Kari"],
            env=environment,
            input=password + "\n",
            capture_output=True,
            text=True,
            check=False,
        )

    assert add("kort").returncode == 2
    assert add("langt nok passord").returncode == 0
    again = add("langt nok passord")
    assert again.returncode == 2
    assert "already" in again.stderr
