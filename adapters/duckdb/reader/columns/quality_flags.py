"""Numbers with a flag of quality behind a comma: "+0011,1"."""

import re
from collections.abc import Sequence
from typing import Final

MOST_FLAGS: Final = (
    3  # different digits in a column of flags (passed, suspect, missing); last digits of numbers are ten
)
MANY_FLAGGED: Final = 20  # cells whose last digits would be more than three by chance all but surely
LONGEST: Final = 12  # characters: a sign, eight digits, a comma, a flag, and one more that rules a cell out
FLAGGED: Final = re.compile(r"([+-]?)(\d{3,8}),(\d)", re.ASCII)


def has_flags(texts: Sequence[str]) -> bool:
    """Return whether all cells are a padded number, a comma and one of few digits: a value and its quality.

    So weather stations are exchanged (NOAA's ISD: "+0011,1" is 1.1 degrees of quality 1). Padded fractions
    ("023,4") end with any digit; without a sign it takes more cells to tell.
    """
    matches = [match for text in texts if (match := FLAGGED.fullmatch(text[:LONGEST]))]
    if len(matches) < max(2, len(texts)):
        return False
    padded = len({len(match[2]) for match in matches}) == 1 and any(match[2][0] == "0" for match in matches)
    sure = all(match[1] for match in matches) or len(matches) >= MANY_FLAGGED
    return padded and sure and len({match[3] for match in matches}) <= MOST_FLAGS
