"""Plain tables for a terminal and for Markdown."""

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return aligned columns: the first to the left, the others to the right."""
    cells = [list(head), *[[cell(value) for value in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = []
    for row in cells:
        first, *others = (
            text.ljust(width) if not column else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
    return "\n".join(lines)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return the same as a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]])


def cell(value: object) -> str:
    """Return a value as it stands in a table: shares with three decimals, nothing as a dash."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)


def least(value: float, bar: float) -> tuple[str, str]:
    """Return a bar to reach and a remark when it is not reached."""
    return f">= {bar:g}", "" if value >= bar else "below"


def most(value: float, bar: float) -> tuple[str, str]:
    """Return a bar to keep below and a remark when it is passed."""
    return f"<= {bar:g}", "" if value <= bar else "above"
