"""Run the benchmarks: `python -m bench`, or only some of them: `python -m bench functions parsing sockets`."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Collection

from bench.functions import function_figures
from bench.measure import RUNS, Figure
from bench.parsing import parsing_figures
from bench.sockets import socket_figures
from bot.evaluation.examples import EvaluationError, read_messages
from bot.evaluation.running import running_engine
from bot.evaluation.tables import cell, table
from bot.settings import load_settings

PARTS = ("functions", "parsing", "sockets")


def main() -> int:
    """Print the table; figures appear as they come."""
    parser = argparse.ArgumentParser(prog="bench", description="Speed and memory, as a table.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default all")
    parts = parser.parse_args().parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        figures = asyncio.run(_all(parts))
    except EvaluationError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    head = (f"medians of {RUNS} runs", "", "", "")
    print(table(head, [(figure.what, cell(figure.value), figure.unit, figure.remark) for figure in figures]))
    return 0


async def _all(parts: Collection[str]) -> list[Figure]:
    figures = []
    async for figure in _figures(parts):
        print(f"{figure.what}: {cell(figure.value)} {figure.unit}", file=sys.stderr, flush=True)
        figures.append(figure)
    return figures


async def _figures(parts: Collection[str]) -> AsyncIterator[Figure]:
    yield Figure("other load at the start", os.getloadavg()[0], "processes", f"{os.cpu_count()} cores")
    messages = read_messages()
    texts = [message.text for message in messages]
    if "functions" in parts:
        for figure in function_figures(texts):
            yield figure
    if "parsing" in parts or "sockets" in parts:
        async with running_engine(load_settings()) as running:
            if "parsing" in parts:
                async for figure in parsing_figures(running, messages):
                    yield figure
            if "sockets" in parts:
                async for figure in socket_figures(running, texts):
                    yield figure


if __name__ == "__main__":
    sys.exit(main())
