"""Columns of numbers in which some cells are none: a slip or two, or a few words for "no value"."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.numbers import NumberFormat, parse_number

FEW_WRONG: Final = 2  # cells: a slip or two in a short file costs their rows, not the column
MOST_RIGHT: Final = 0.6  # ... as long as clearly more cells than not are right
MOST_WORDS: Final = 3  # different words for "no value" in a column of numbers
HEADER_CELLS: Final = 6  # of a column in which units and codes may stand below its name, each once
SLIPS: Final = 0.05  # of the cells, as many as that
LONGEST_WORD: Final = 16  # characters of such a word


def few_wrong(cells: int, right: float) -> bool:
    """Whether a column is what most of its cells are, because the others are one or two slips."""
    return right >= MOST_RIGHT and round((1 - right) * cells) <= FEW_WRONG


def words_among(cells: Sequence[str], form: NumberFormat) -> bool:
    """Return whether what is no number among numbers are a few words for "no value": ND, closed, <1."""
    counts = Counter(cell.strip().casefold() for cell in cells if parse_number(cell, form) is None)
    words = [word for word, count in counts.items() if count > 1]
    once = len(counts) - len(words)  # units and codes that stand below a name, a slip
    if once > min(HEADER_CELLS, max(1.0, SLIPS * len(cells))):
        return False
    short = all(len(word) <= LONGEST_WORD for word in words)
    plain = all(word[:1] in "<>≤≥" or not any(map(str.isdecimal, word)) for word in words)
    return len(words) <= MOST_WORDS and short and plain
