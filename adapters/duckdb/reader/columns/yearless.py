"""Months and quarters without a year: refused with what is missing, never dated by a guess."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.name_words import is_part
from adapters.duckdb.reader.columns.time_words import months_named

LOOKED_AT: Final = 200  # cells
MOST: Final = 0.9  # of them that are such months: a total or a note may stand among them
_COUNTED: Final = re.compile(
    r"(?:M|Month|Mon|Monat|Mois|Mes|Q|Quarter|W|Week|Day|D)[ _-]?\d{1,3}", re.ASCII | re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\d{1,2}", re.ASCII)


def without_year(columns: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return what is missing of a column of months without years, and what to do; "" if there is none.

    Args:
        columns: name and sample of each.
    """
    for name, cells in columns:
        texts = [cell.strip()[:40] for cell in cells[:LOOKED_AT]]
        if len(texts) < 2:  # noqa: PLR2004 - one cell proves nothing
            continue
        if sum(map(bool, months_named(texts))) >= MOST * len(texts) or _numbered(name, texts):
            return (
                f" “{name}” holds months without a year (“{texts[0]}”). Add the year to each (“Jan 2024” or 2024-01),"
                " or a column “year” beside it."
            )
        if sum(bool(_COUNTED.fullmatch(text)) for text in texts) >= MOST * len(texts):
            return (
                f" “{name}” counts from a beginning that the file does not give (“{texts[0]}”). Write the date of each"
                " instead (2024-01 for the first month, 2024-02 for the second), or add a column of dates."
            )
    return ""


def _numbered(name: str, texts: Sequence[str]) -> bool:
    """Whether a column named as the month holds the numbers 1 to 12."""
    months = {int(text) for text in texts if _NUMBER.fullmatch(text)}
    return is_part(name, "month") and len(months) > 1 and months <= set(range(1, 13))
