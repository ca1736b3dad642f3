"""Logs without what people wrote: an exception is told by its type and where it came from, never by its words."""

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Libraries that say much, or say it with addresses and contents.
_QUIET = ("alembic", "rasa_sdk", "httpx", "urllib3", "twilio", "weasyprint", "fontTools")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Leave out the message of an exception: it may quote a text, a number or a query's parameters."""

    def formatException(self, info: ExceptionInfo) -> str:
        """Return the types in the chain of causes and the stack of the last one, one line each."""
        lines: list[str] = []
        error = info[1]
        while error is not None:
            lines.append(type(error).__name__)
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def set_up(stream: TextIO = sys.stderr) -> None:
    """Send logs to a stream, in the private form."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter(_FORM))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
