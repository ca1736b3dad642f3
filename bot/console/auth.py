"""Counselors' accounts and sessions: argon2 passwords, sessions as keyed hashes, a brake on guessing."""

import secrets
import time
from collections import defaultdict, deque
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from bot.conversation.service import Service
from bot.limits import (
    CLOCK_JUMP_SECONDS,
    LOGIN_ATTEMPTS,
    LOGIN_WINDOW_SECONDS,
    PASSWORD_CHARACTERS,
    SESSION_HOURS,
)
from bot.store import counselors
from bot.store.counselors import Counselor

_hasher = PasswordHasher()
_LONGEST = timedelta(
    hours=SESSION_HOURS, seconds=CLOCK_JUMP_SECONDS
)  # a clock that is set back a little costs none
# Verified for unknown usernames, so that the answer takes as long as for known ones.
_NOBODY = _hasher.hash(secrets.token_hex(16))


class TooManyAttemptsError(Exception):
    """Too many wrong passwords for this name lately."""


def check_password(password: str) -> str:
    """Return the password; raises ValueError when it is too short or too long."""
    shortest, longest = PASSWORD_CHARACTERS
    if not shortest <= len(password) <= longest:
        raise ValueError(f"a password has {shortest} to {longest} characters")
    return password


async def add_counselor(service: Service, username: str, name: str, password: str) -> None:
    """Make an account; raises ValueError for a bad password, IntegrityError for a taken username."""
    password_hash = _hasher.hash(check_password(password))
    async with service.database.write() as connection:
        await counselors.add(
            connection,
            username=username.strip().lower(),
            name=name.strip(),
            password_hash=password_hash,
            created_at=service.now(),
        )


class Logins:
    """Log in and out. Wrong attempts are counted by username, in memory."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wrong: dict[str, deque[float]] = defaultdict(deque)

    async def log_in(self, username: str, password: str) -> tuple[Counselor, str] | None:
        """Return the counselor and a new session's token, or None; raises TooManyAttemptsError."""
        username = "".join(c for c in username.strip().lower()[:64] if c.isprintable())
        self._check_attempts(username)
        async with self._service.database.read() as connection:
            counselor = await counselors.by_username(connection, username)
        if not _matches(counselor.password_hash if counselor else _NOBODY, password) or counselor is None:
            self._wrong[username].append(time.monotonic())
            return None
        if counselor.disabled:
            return None
        self._wrong.pop(username, None)
        token = secrets.token_urlsafe(32)
        now = self._service.now()
        async with self._service.database.write() as connection:
            await counselors.drop_expired(connection, now)
            await counselors.open_session(
                connection, self._key(token), counselor.id, now + timedelta(hours=SESSION_HOURS)
            )
            await counselors.change(connection, counselor.id, seen_at=now)
        return counselor, token

    async def who(self, token: str) -> Counselor | None:
        """Return whose session a token is."""
        async with self._service.database.read() as connection:
            return await counselors.session_owner(connection, self._key(token), self._service.now(), _LONGEST)

    async def log_out(self, token: str, counselor: Counselor) -> None:
        """End the session; who leaves is not on duty."""
        async with self._service.database.write() as connection:
            await counselors.close_session(connection, self._key(token))
            await counselors.change(connection, counselor.id, on_duty=False)

    def _key(self, token: str) -> str:
        return self._service.database.cipher.lookup("session", token)

    def _check_attempts(self, username: str) -> None:
        wrong = self._wrong[username]
        while wrong and wrong[0] < time.monotonic() - LOGIN_WINDOW_SECONDS:
            wrong.popleft()
        if len(wrong) >= LOGIN_ATTEMPTS:
            raise TooManyAttemptsError
        if not wrong:
            del self._wrong[username]


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[: PASSWORD_CHARACTERS[1] + 1])
    except VerifyMismatchError:
        return False


async def set_disabled(service: Service, username: str, disabled: bool) -> bool:
    """Shut an account out or let it in again; its sessions end. False when there is no such account."""
    async with service.database.write() as connection:
        counselor = await counselors.by_username(connection, username.strip().lower())
        if counselor is None:
            return False
        await counselors.change(connection, counselor.id, disabled=disabled, on_duty=False)
        await counselors.drop_sessions(connection, counselor.id)
    return True
