"""How a column's times are written: judged from a sample of its cells."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from adapters.duckdb.reader.columns.bare_times import bare_families, bare_family, drops_zero
from adapters.duckdb.reader.columns.numbers import MAX_MATCHED
from adapters.duckdb.reader.columns.time_cells import collapsed, matches, parts_of, pivot_for, prepared_cell
from adapters.duckdb.reader.columns.time_formats import (
    BARE,
    COMPILED,
    EPOCHS,
    FAST_SHAPES,
    PERIODS,
    PROVEN_BY_ROWS,
    Family,
    TimeFormat,
)
from adapters.duckdb.reader.columns.time_marks import cleaned
from adapters.duckdb.reader.columns.time_words import in_english, words_of
from adapters.duckdb.reader.columns.zone_names import AMBIGUOUS, MINUTES

FAMILY_SHARE: Final = 0.1  # of a sample's times: as many as may be wrong before a column is looked at again
LOOKED_AT: Final = 50  # cells without any time among so many: the column holds none
_SPANS: Final = (" - ", " \u2013 ", " to ", " bis ", "/", "--", "..")  # between begin and end of an interval
FEWEST_MONTHS: Final = 12  # steps from month to month, so that a year ends among them
MOST_MONTHS: Final = 0.9  # of the steps
_DIGITS: Final = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
_BARE_ONLY: Final = (BARE - {Family.COMPACT_SHORT}) | {
    *PROVEN_BY_ROWS
}  # with a clock behind it "240131 20:15" is no number


@dataclass(slots=True)
class OrderEvidence:
    """How many cells prove which order of day and month; an example of each.

    Attributes:
        dotted: cells that separate by dots, which all languages that do so write day first.
    """

    day_first: int = 0
    month_first: int = 0
    undecided: int = 0
    dotted: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, cell: str, first: int, second: int) -> None:
        """Count one cell."""
        self.dotted += cell.count(".") >= 2  # noqa: PLR2004 - "1.2.2024"
        if first > 12 >= second:  # noqa: PLR2004 - months of a year
            self.day_first += 1
        elif second > 12 >= first:  # noqa: PLR2004
            self.month_first += 1
        elif first != second:
            self.undecided += 1
            if len(self.examples) < 1:
                self.examples.append(cell)


def family_of(cell: str, *, named_time: bool) -> Family | None:
    """Return how a cell is written. Bare numbers count as times only under a name that says so."""
    text = collapsed(cell)
    if len(text) > MAX_MATCHED or not any(sign.isdecimal() for sign in text):
        return None
    if _DIGITS.fullmatch(text):
        return next(iter(bare_families(text)), None) if named_time else None
    return next((family for family in COMPILED if family not in _BARE_ONLY and matches(text, family)), None)


def infer_time(cells: Sequence[str], *, named_time: bool) -> tuple[TimeFormat, float, OrderEvidence]:
    """Find how a column's times are written, and the share of cells that are any.

    Args:
        cells: what the column holds, in the file's order, without missing cells.
        named_time: whether its name says time: then bare numbers may be years, days or epochs.
    """
    texts, before = cleaned(
        [collapsed(cell) for cell in cells], lambda text: family_of(text, named_time=False) is not None
    )
    bare = [text for text in texts if _DIGITS.fullmatch(text)]
    if len(bare) > len(texts) / 2:
        form, share, order = _infer_bare(texts, bare, named_time=named_time)
        return replace(form, marked=before.marked), share, order
    words = words_of(texts)
    span = next((sign for sign in _SPANS if _spans(texts, words, sign)), "")
    prepared = [prepared_cell(text, words, span) for text in texts]
    families = _families(prepared) or _months_by_rows(prepared)
    if families and Family.YMD not in families and not PERIODS.issuperset(families):
        families[Family.YMD] = 0  # a few ISO dates among others are no errors: they can mean nothing else
    order, aware, shapes = OrderEvidence(), False, dict[str, None]()
    zones: dict[str, int | None] = {}
    years: set[int] = set()
    for cell, text in zip(cells, prepared, strict=True):
        family = next((f for f in families if matches(text, f)), None)
        if family is None:
            continue
        parts = parts_of(text, family)
        if family is Family.YMD and (shape := re.sub(r"[0-9]", "_", cell)) in FAST_SHAPES:
            shapes[shape] = None
        if family is Family.NUMERIC:
            order.add(text, int(parts["a"]), int(parts["b"]))
        if zone := parts.get("z"):
            aware = True
            zones.update({zone: MINUTES.get(zone)} if zone in MINUTES or zone in AMBIGUOUS else {})
        if 1 <= len(parts.get("y", "")) <= 2:  # noqa: PLR2004 - a year of two digits
            years.add(int(parts["y"]))
    form = TimeFormat(
        families=tuple(families), shapes=tuple(shapes), aware=aware, pivot=pivot_for(years), words=words, span=span,
        zones=tuple(zones.items()), prefix=before.prefix, clock_first=before.clock_first, marked=before.marked,
    )  # fmt: skip
    return form, sum(families.values()) / len(cells) if cells else 0.0, order


def _families(texts: Sequence[str]) -> dict[Family, int]:
    """Count the ways in which these texts are written, slips apart."""
    counts: Counter[Family] = Counter()
    for place, text in enumerate(texts):
        if place == LOOKED_AT and not counts:
            return {}
        if len(text) <= MAX_MATCHED and any(sign.isdecimal() for sign in text):
            # The ways seen so far first: next to all cells of a column are written alike.
            family = next((f for f in (*counts, *COMPILED) if f not in _BARE_ONLY and matches(text, f)), None)
            counts.update([family] if family else [])
    years = counts[Family.YEAR_MONTH] + counts[Family.FINANCIAL]
    doubtful = [text for text in texts if re.fullmatch(r"\d{4}[-/]\d\d", text, re.ASCII)] if years else []
    if doubtful and all(_consecutive(text) for text in doubtful):
        counts[Family.FINANCIAL] = years
        del counts[Family.YEAR_MONTH]
    # A way that next to no cell is written in is an error: "20-01-01" among ISO dates is no day of 2001.
    least = min(max(counts.values(), default=0), max(2, FAMILY_SHARE * counts.total()))
    return {family: count for family, count in counts.items() if count and count >= least}


def _months_by_rows(texts: Sequence[str]) -> dict[Family, int]:
    """Return the way in which texts of two short numbers are months that follow each other over more than a year."""
    for family in PROVEN_BY_ROWS:
        parts = [parts_of(text, family) for text in texts]
        if not all(parts):
            return {}
        months = [12 * int(part["y"]) + int(part["m"]) for part in parts]
        steps = [after - before for before, after in pairwise(months) if after != before]
        in_range = all(1 <= int(part["m"]) <= 12 for part in parts)  # noqa: PLR2004 - months of a year
        if in_range and len(steps) >= FEWEST_MONTHS and sum(step == 1 for step in steps) >= MOST_MONTHS * len(steps):
            return {family: len(texts)}
    return {}


def _consecutive(text: str) -> bool:
    return (int(text[:4]) + 1) % 100 == int(text[-2:])


def _spans(texts: Sequence[str], words: Sequence[tuple[str, str]], sign: str) -> bool:
    """Return whether the cells are intervals with this sign between begin and end."""
    probes = [text for text in texts[:LOOKED_AT] if len(text) <= MAX_MATCHED]
    cut = [in_english(text, words).split(sign, 1) for text in probes if sign in text]
    if not cut or len(cut) < 0.9 * len(probes):
        return False
    whole = [family for text in probes if (family := family_of(in_english(text, words), named_time=False))]
    begins = [family_of(begin, named_time=False) for begin, _ in cut]
    ends = [any(c.isdecimal() for c in end) for _, end in cut]
    return not whole and all(begins) and all(ends)


def _infer_bare(
    texts: Sequence[str], bare: Sequence[str], *, named_time: bool
) -> tuple[TimeFormat, float, OrderEvidence]:
    """Judge a column of bare numbers: by its name, or by numbers that are instants in order."""
    family = bare_family(bare, named_time=named_time)
    if family is None:
        return TimeFormat(families=()), 0.0, OrderEvidence()
    aware = family in EPOCHS
    years = {int(text[:2]) for text in bare} if family is Family.COMPACT_SHORT else set()
    october = family is Family.YEAR_MONTH and drops_zero(bare)
    form = TimeFormat(families=(family,), aware=aware, pivot=pivot_for(years), october=october)
    return form, sum(family in bare_families(text) for text in bare) / len(texts), OrderEvidence()
