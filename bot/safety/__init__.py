"""Danger seen and private numbers removed: pure functions of text and history, with no engine."""

from .names import is_private_name
from .redaction import Redacted, Span, redact, redact_after
from .screening import screen
from .verdict import Evidence, Level, Verdict

__all__ = [
    "Evidence",
    "Level",
    "Redacted",
    "Span",
    "Verdict",
    "is_private_name",
    "redact",
    "redact_after",
    "screen",
]
