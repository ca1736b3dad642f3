"""Settings, all from the environment (HJELPELINJE_...) or a .env file; each has a default that works on one machine."""

import base64
import binascii
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import phonenumbers
from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
_WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks marks a secret
_WEBHOOK_KEY_BYTES = 24  # at least, says the same standard


class SettingsError(Exception):
    """A setting is wrong; the message is one line for the operator."""


class Settings(BaseSettings):
    """What an operator may set. Names here in lower case; in the environment HJELPELINJE_ and upper case."""

    model_config = SettingsConfigDict(
        env_prefix="HJELPELINJE_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None
    """Where browsers and SMS providers reach the service, e.g. https://chat.example.no; needed behind a proxy."""
    trusted_proxies: int = Field(0, ge=0, le=5)
    """How many proxies in front add to X-Forwarded-For; 0 means the header is not believed."""
    widget_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Other sites that may embed the widget (comma-separated origins); * allows all."""

    data_dir: Path = ROOT / "var"
    database_url: str | None = None
    """SQLAlchemy address; default an SQLite file in data_dir. PostgreSQL: postgresql+psycopg://..."""
    secret_keys: SecretStr | None = None
    """Comma-separated Fernet keys, newest first; default a key file in data_dir that only its owner can read."""
    content_days: int = Field(30, ge=1, le=365)

    engine_url: str | None = None
    """A running engine; default: the service starts its own and keeps it alive."""
    engine_port: int = Field(0, ge=0, le=65535)
    engine_token: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)))
    actions_port: int = Field(0, ge=0, le=65535)
    spacy_model: str | None = None
    """An installed spaCy pipeline for the engine (e.g. nb_core_news_sm); default our own."""

    helpline_name: str = "Hjelpelinja"
    helpline_phone: str | None = None
    helpline_email: str | None = None
    helpline_hours: str | None = None
    """When counselors are there, in words, e.g. "mandag til fredag 09-15"; shown as it stands."""

    sms_provider: Literal["none", "kannel", "twilio"] = "none"
    sms_number: str | None = None
    kannel_url: str = "http://127.0.0.1:13013/cgi-bin/sendsms"
    kannel_user: str = "hjelpelinje"
    kannel_password: SecretStr | None = None
    kannel_inbound_secret: SecretStr | None = None
    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_api_url: str | None = None
    """Only for tests and gateways that speak Twilio's API; default Twilio itself."""

    alarm_webhook_url: str | None = None
    """Gets a signed POST when nobody takes a crisis in time; HTTPS, or HTTP on this machine."""
    alarm_webhook_secret: SecretStr | None = None
    """What the POST is signed with: 24 bytes or more in base64, "whsec_" before it or not."""
    alarm_phone: str | None = None
    """The phone on call: gets an SMS when nobody takes a crisis in time."""

    @field_validator("alarm_webhook_url")
    @classmethod
    def _check_webhook(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if value and not local and not (parts.scheme == "https" and parts.hostname):
            raise ValueError("must begin with https:// (or be on this machine)")
        return value

    @field_validator("alarm_webhook_secret")
    @classmethod
    def _check_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(_webhook_key(value)) < _WEBHOOK_KEY_BYTES:
            raise ValueError(f"must be {_WEBHOOK_KEY_BYTES} bytes or more, in base64")
        return value

    @field_validator("alarm_phone")
    @classmethod
    def _check_phone(cls, value: str | None) -> str | None:
        if not value:
            return value
        try:
            number = phonenumbers.parse(value, "NO")
        except phonenumbers.NumberParseException:
            raise ValueError("is not a phone number") from None
        if not phonenumbers.is_possible_number(number):
            raise ValueError("is not a phone number")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    @model_validator(mode="after")
    def _check_alarm(self) -> "Settings":
        if self.alarm_webhook_url and not self.alarm_webhook_secret:
            raise ValueError("HJELPELINJE_ALARM_WEBHOOK_URL also needs HJELPELINJE_ALARM_WEBHOOK_SECRET")
        if self.alarm_phone and self.sms_provider == "none":
            raise ValueError("HJELPELINJE_ALARM_PHONE also needs HJELPELINJE_SMS_PROVIDER")
        if (self.alarm_webhook_url or self.alarm_phone) and not self.public_url:
            raise ValueError("the alarm links to the console: it also needs HJELPELINJE_PUBLIC_URL")
        return self

    @field_validator("widget_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("secret_keys")
    @classmethod
    def _check_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for key in value.get_secret_value().split(",") if value else ():
            try:
                Fernet(key.strip())
            except ValueError as error:
                raise ValueError("each key must be 32 bytes in urlsafe base64 (Fernet)") from error
        return value

    @model_validator(mode="after")
    def _check_sms(self) -> "Settings":
        needed = {
            "none": {},
            "kannel": {
                "sms_number": self.sms_number,
                "kannel_password": self.kannel_password,
                "kannel_inbound_secret": self.kannel_inbound_secret,
            },
            "twilio": {
                "sms_number": self.sms_number,
                "twilio_account_sid": self.twilio_account_sid,
                "twilio_auth_token": self.twilio_auth_token,
                "public_url": self.public_url,
            },
        }[self.sms_provider]
        missing = [name for name, value in needed.items() if not value]
        if missing:
            names = ", ".join(f"HJELPELINJE_{name.upper()}" for name in missing)
            raise ValueError(f"sms_provider={self.sms_provider} also needs {names}")
        return self

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy address with an async driver."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{(self.data_dir / 'hjelpelinje.db').resolve()}"
        for plain, driver in (
            ("sqlite://", "sqlite+aiosqlite://"),
            ("postgresql://", "postgresql+psycopg://"),
            ("postgres://", "postgresql+psycopg://"),
        ):
            if self.database_url.startswith(plain):
                return driver + self.database_url[len(plain) :]
        return self.database_url

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The Fernet keys, newest first. Makes the key file when no key is set; raises SettingsError."""
        if self.secret_keys:
            return tuple(key.strip() for key in self.secret_keys.get_secret_value().split(","))
        return _keys_from_file(self.data_dir / "secret.keys")

    @property
    def alarm_webhook_key(self) -> bytes:
        """What the alarm's webhook is signed with."""
        return _webhook_key(self.alarm_webhook_secret) if self.alarm_webhook_secret else b""

    @cached_property
    def public_origin(self) -> str | None:
        """Scheme and host of public_url, as a browser sends them in Origin."""
        if not self.public_url:
            return None
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


def _webhook_key(secret: SecretStr) -> bytes:
    try:
        return base64.b64decode(secret.get_secret_value().removeprefix(_WEBHOOK_SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("must be base64") from error


def _keys_from_file(path: Path) -> tuple[str, ...]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(Fernet.generate_key().decode() + "\n")
        keys = tuple(path.read_text().split())
        for key in keys:
            Fernet(key)
    except (OSError, ValueError) as error:
        raise SettingsError(f"Cannot use the key file {path}: {error}") from error
    if not keys:
        raise SettingsError(f"The key file {path} is empty; restore it, or what is stored cannot be read.")
    return keys


def load_settings(**overrides: object) -> Settings:
    """Return the settings; raises SettingsError with one line that names the variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = (
            "HJELPELINJE_" + "_".join(str(part) for part in first["loc"]).upper()
            if first["loc"]
            else "Settings"
        )
        raise SettingsError(f"{name}: {first['msg']}") from None
