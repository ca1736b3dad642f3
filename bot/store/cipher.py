"""Encryption of what is stored, and keyed hashes to look things up by without storing them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class UnreadableError(Exception):
    """Stored content cannot be decrypted with the keys at hand."""


class Cipher:
    """Encrypt JSON values with the first key, decrypt with any.

    The look-up key is derived from the last (oldest) key, so that a new key put in front
    keeps stored look-ups valid.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        oldest = base64.urlsafe_b64decode(keys[-1])
        self._lookup_key = HKDF(SHA256(), 32, salt=None, info=b"hjelpelinje lookup").derive(oldest)

    def seal(self, value: Any) -> bytes:
        """Return the value as encrypted JSON."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Return the value; raises UnreadableError."""
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise UnreadableError("stored content cannot be read with the configured keys") from error

    def lookup(self, kind: str, value: str) -> str:
        """Return a keyed hash of a secret or an address, for a unique column."""
        return hmac.new(self._lookup_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
