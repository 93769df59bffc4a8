"""Cells that a spreadsheet shows as they are: what it would take for a formula is marked as text."""

from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, CSV Injection


def plain_text(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before it makes it text.

    Zero bytes are written as a backslash and 0: readers of CSV stop at them.
    """
    cell = cell.replace("\x00", "\\0")
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
