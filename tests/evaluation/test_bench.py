"""The benchmarks give a figure for everything they promise. No test here looks at the clock."""

from bench.functions import function_figures
from bench.measure import medians, memory_mb


def test_what_works_without_the_engine_is_measured() -> None:
    figures = list(function_figures(["Mor er syk, hva gjør jeg?", "Hvem kan hjelpe oss?"]))
    names = [figure.what for figure in figures]
    for name in ("crisis screen", "redaction", "composing an answer"):
        assert f"{name}, p50" in names
        assert f"{name}, p95" in names
    assert "reading the knowledge base" in names
    assert all(figure.value > 0 and figure.unit == "ms of a core" for figure in figures)


def test_the_median_of_each_figure_counts() -> None:
    assert medians([(1, 30), (2, 10), (9, 20)]) == (2, 20)


def test_memory_is_that_of_a_process() -> None:
    assert memory_mb(1) > 0
