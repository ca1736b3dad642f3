"""Danger seen and private numbers removed: pure functions of text and history, with no engine."""

from .redaction import Redacted, Span, redact
from .screening import screen
from .verdict import Evidence, Level, Verdict

__all__ = ["Evidence", "Level", "Redacted", "Span", "Verdict", "redact", "screen"]
