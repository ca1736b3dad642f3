"""JSON lines on standard input and output, without stopping the event loop."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any, TextIO


async def read_lines(stream: TextIO) -> AsyncIterator[str]:
    """Yield the lines of a stream that are not blank."""
    while line := await asyncio.to_thread(stream.readline):
        if line.strip():
            yield line


def print_line(value: dict[str, Any]) -> None:
    """Write one JSON line and pass it on at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
