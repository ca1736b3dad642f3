"""Draw a confusion matrix. In: JSON {"labels", "matrix"} on standard input; the picture's path as the argument."""

from __future__ import annotations

import json
import sys
from typing import Any, Dict

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

INCHES, DOTS_PER_INCH, FONT_SIZE = 15, 110, 6


def draw(data: Dict[str, Any], path: str) -> None:
    """Write the picture: a row for each expected intent, shaded by the share of its messages."""
    counts = np.array(data["matrix"], dtype=float)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    figure, axes = plt.subplots(figsize=(INCHES, INCHES))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    ticks = range(len(data["labels"]))
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.set_xticklabels(data["labels"], rotation=90, fontsize=FONT_SIZE)
    axes.set_yticklabels(data["labels"], fontsize=FONT_SIZE)
    axes.set_xlabel("found")
    axes.set_ylabel("expected")
    for row, column in zip(*np.nonzero(counts)):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(
            column,
            row,
            int(counts[row, column]),
            ha="center",
            va="center",
            fontsize=FONT_SIZE - 1,
            color=colour,
        )
    figure.tight_layout()
    # No date and no version in the file: the same figures give the same picture.
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
