"""Which sign is the decimal one: what the cells of a column prove."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.numbers import MAX_MATCHED, MINUS, SIGNS, SPACES
from adapters.duckdb.reader.columns.quality_flags import has_flags

_LETTERS: Final = "ABCDFGHIJKLMNOPQRSTUVWXYZabcdfghijklmnopqrstuvwxyz*†‡§"  # behind digits; an e may be an exponent's
_AROUND: Final = re.compile(rf"{SIGNS}|[-+()\s'{MINUS}{SPACES}]")  # signs, blanks and brackets around digits


def decimal_evidence(cells: Sequence[str]) -> Counter[str]:
    """Count the cells that prove a decimal sign: by both separators, or by a group that cannot be thousands."""
    votes: Counter[str] = Counter()
    if has_flags([cell.strip() for cell in cells]):
        return votes
    for cell in cells:
        body = _AROUND.sub("", cell[:MAX_MATCHED]).rstrip(_LETTERS)
        if not re.fullmatch(r"[\d.,]+(?:[eE]\d+)?", body):
            continue
        comma, point = body.rfind(","), body.rfind(".")
        if comma >= 0 and point >= 0:
            votes["," if comma > point else "."] += 1
        elif comma >= 0:
            votes.update(_lone(body, ","))
        elif point >= 0:
            votes.update(_lone(body, "."))
    return votes


def _lone(body: str, sign: str) -> list[str]:
    """Say which decimal sign a number with only one kind of separator proves, if it does."""
    other = "." if sign == "," else ","
    if body.count(sign) > 1:
        return [other]
    before, after = body.split(sign)
    if len(after) != 3 or len(before) > 3 or before in {"", "0"}:  # noqa: PLR2004 - a group of thousands
        return [sign]
    return []
