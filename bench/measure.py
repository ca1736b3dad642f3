"""What a benchmark gives, and how it is measured."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.metrics import percentile

RUNS = 3  # of each benchmark; the median counts
KIB_IN_MB = 1024


@dataclass(frozen=True)
class Figure:
    """A line of the table."""

    what: str
    value: float
    unit: str
    remark: str = ""


def milliseconds_each(work: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Return p50 and p95 of the milliseconds of a core that `work` takes on a text: medians over the runs.

    A pure function takes as long on a free core; so other load on the machine does not count.
    """
    return medians([_one_run(work, texts) for _ in range(RUNS)])


def _one_run(work: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    taken = []
    for text in texts:
        started = time.process_time()
        work(text)
        taken.append((time.process_time() - started) * 1000)
    return p50_p95(taken)


def p50_p95(values: Sequence[float]) -> tuple[float, float]:
    """Return the two percentiles that are shown everywhere."""
    return percentile(values, 50), percentile(values, 95)


def medians(runs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the medians of both figures over the runs."""
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / KIB_IN_MB
    raise ProcessLookupError(pid)
