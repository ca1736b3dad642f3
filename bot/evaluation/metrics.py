"""Figures of merit, as pure functions. Shares are between 0 and 1."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

BINS = 15  # of the calibration error: equally wide


@dataclass(frozen=True)
class Score:
    """Precision and recall from counts of what was found rightly, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Score") -> "Score":
        """Return the counts together."""
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """How much of what was found is right."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """How much of what is there was found."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True)
class Coverage:
    """How much is kept above a confidence, and how much of that is right."""

    threshold: float
    coverage: float
    precision: float


def share(part: float, whole: float) -> float:
    """Return part of whole, 0 of nothing."""
    return part / whole if whole else 0.0


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    rows = list(values)
    return share(sum(rows), len(rows))


def margin(value: float, count: int) -> float:
    """Return half the width of the 95 % interval (Wilson) around a share of `count` messages."""
    if not count:
        return 0.0
    z = 1.96
    return z * math.sqrt(value * (1 - value) / count + z * z / (4 * count * count)) / (1 + z * z / count)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of the values do not exceed; 0 of nothing."""
    if not values:
        return 0.0
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def scores_by_class(pairs: Iterable[tuple[Hashable, Hashable]]) -> dict[Hashable, Score]:
    """Return a score for each class from (expected, found) pairs."""
    right: Counter[Hashable] = Counter()
    wrong: Counter[Hashable] = Counter()
    missed: Counter[Hashable] = Counter()
    for expected, found in pairs:
        if expected == found:
            right[expected] += 1
        else:
            missed[expected] += 1
            wrong[found] += 1
    names = right.keys() | wrong.keys() | missed.keys()
    return {name: Score(right[name], wrong[name], missed[name]) for name in names}


def macro_f1(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the mean F1 over the classes that are expected somewhere."""
    expected = {pair[0] for pair in pairs}
    return mean(score.f1 for name, score in scores_by_class(pairs).items() if name in expected)


def calibration_error(rows: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error of (confidence, right) rows: the mean gap between the two."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in rows:
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    gaps = (abs(sum(confidence - right for confidence, right in members)) for members in bins.values())
    return share(sum(gaps), len(rows))


def coverage_at(rows: Sequence[tuple[float, bool]], precision: float) -> Coverage | None:
    """Return the lowest confidence from which upwards `precision` holds; None when there is none.

    `rows` are (confidence, right). Rows of one confidence are kept or left out together.
    """
    best = None
    right = 0
    ordered = sorted(rows, key=lambda row: -row[0])
    for kept, (confidence, is_right) in enumerate(ordered, 1):
        right += is_right
        is_last_of_its_confidence = kept == len(ordered) or ordered[kept][0] < confidence
        if is_last_of_its_confidence and right / kept >= precision:
            best = Coverage(confidence, kept / len(ordered), right / kept)
    return best


def covered_from(rows: Sequence[tuple[float, bool]], threshold: float) -> Coverage:
    """Return what a given threshold keeps."""
    kept = [right for confidence, right in rows if confidence >= threshold]
    return Coverage(threshold, share(len(kept), len(rows)), share(sum(kept), len(kept)))
