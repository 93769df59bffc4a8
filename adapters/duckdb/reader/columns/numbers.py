"""Cells that are numbers: plain, with separators, signs and units. One pattern serves Python and SQL (RE2)."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from adapters.duckdb.reader.columns.quality_flags import has_flags
from adapters.duckdb.sql_text import literal

# Compared in lower case after trimming. A lone dash is how spreadsheets print "nothing".
MISSING: Final = frozenset(
    [
        "",
        "na",
        "n/a",
        "#n/a",
        "<na>",
        "null",
        "none",
        "nil",
        "nan",
        "-nan",
        "inf",
        "+inf",
        "-inf",
        "infinity",
        "+infinity",
        "-infinity",
        "-",
        "--",
        "\\n",
        "?",
        *(
            "n.a.",
            "n.d.",
            "nd",
            "n/d",
            "mm",
            "n.v.",
            "k.a.",
            "#value!",
            "#div/0!",
            "#ref!",
            "#name?",
            "#null!",
            "#num!",
            "(na)",
        ),
        *("\u2013", "\u2014", "\u2026", ":", ".", "..", "...", "*", "**", "***", "****", "*****", "######"),
    ]
)
SIGNS: Final = r"[₹$€£¥₩₽₺₫₴₦฿¢%‰°]|Rs\.?|INR|USD|EUR|GBP|JPY|CHF|US\$|R\$|A\$|C\$|kr|°C|°F"
SPACES: Final = "\u00a0\u202f\u2009 '\u2019"  # all sorts of spaces, both apostrophes
MINUS: Final = "\u2212"  # the sign that typography uses
_ALIASES: Final = {"rs": "₹", "rs.": "₹"}
# Longest text, without the blanks around it, that a pattern is tried on: the longest time that is read has 62
# characters (Wednesday, 30th September, 2026 12:00:00.123456789 p.m. +00:00), a number with unit and note some 40.
MOST_APART: Final = 0.9  # of the flagged cells have a blank before the flag: "2.5 b", but not "1a" and "2b"
MAX_MATCHED: Final = 64
# What may stand behind the digits of a number: a unit of letters ("ms", "kWh", "m/s", "µg/m³") ...
_UNIT: Final = r"[A-Za-zµμ°Ω][A-Za-z0-9µμ°²³Ω/%·.^-]{0,11}"
# ... then marks of a footnote or a flag ("12*", "12 (p)", "12[1]", "12 e", "12†").
_MARK: Final = r"(?:\*{1,3}|[†‡§¹²³]|\[[0-9A-Za-z, ]{1,8}\]|\([A-Za-z]{1,3}\))"
SCALES: Final = {"k": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "g": 1e9}
_FLAGS: Final = frozenset("bcdefinprsuz")  # Eurostat's and the OECD's: provisional, estimated, break, revised ...
_CURRENCIES: Final = frozenset(["Rs", "INR", "USD", "EUR", "GBP", "JPY", "CHF", "US$", "R$", "A$", "C$", "kr"])
_SUFFIX: Final = "K|k|M|Mn|mn|MM|B|Bn|bn|T|G"
# "1:02:03" and "0:01:40.5": hours (of any number), minutes, seconds. With one colon it is a clock, or a ratio.
_DURATION: Final = r"^\s*(-)?(?:(\d{1,4})\s*(?:d|days?),?\s*)?(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)\s*$"
_DURATION_PY: Final = re.compile(
    r"(-)?(?:(\d{1,4}) ?(?:d|days?),? ?)?(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)", re.ASCII
)
# A plain number needs no pattern: SQL's own cast reads it.
PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
BLANKS: Final = " \t\r\n\u00a0\u202f\u2009\ufeff"  # what may surround a cell


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of a column are written.

    Attributes:
        plain: whether SQL's cast reads them as they are.
        decimal: "." or ",".
        thousands: the separator seen between groups, if any.
        unit: the sign or unit that goes with them, if any.
        units: all spellings of the unit that occur.
        scaled: whether letters behind the digits are factors (K, M, B).
        duration: whether they are durations such as 0:01:40, read as seconds.
        flagged: whether a comma and one digit behind them are a flag ("+0011,1").
    """

    plain: bool = True
    decimal: str = "."
    thousands: str | None = None
    unit: str | None = None
    units: tuple[str, ...] = ()
    scaled: bool = False
    duration: bool = False
    flagged: bool = False

    def pattern(self) -> str:
        """Return the pattern of a whole cell with the groups ``open sign pre digits post close minus``.

        For text without blanks around it. Blanks inside are single optional ones that nothing else matches next to
        them, so that no engine has to try a split twice.
        """
        group = "[" + re.escape("," if self.decimal == "." else ".") + SPACES + "]"
        point = re.escape(self.decimal)
        whole = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}|\d+"
        digits = rf"(?:{whole})(?:{point}\d*)?(?:[eE][+-]?\d+)?|{point}\d+(?:[eE][+-]?\d+)?"
        sign = f"[-+{MINUS}]"
        gap = "[ \u00a0\u202f\u2009]?"
        scale = f"({_SUFFIX})?" if self.scaled else "()"
        mark = rf"{_MARK}|,\d" if self.flagged else _MARK
        return (
            rf"^(\()?({sign})?{gap}({SIGNS})?{gap}({sign})?({digits}){gap}{scale}"
            rf"(?:{gap}({SIGNS}|{_UNIT}))??{gap}({mark})?(\))?(-)?$"
        )


def trimmed_sql(cell: str) -> str:
    """Return SQL for a cell without the blanks around it."""
    return f"trim({cell}, {literal(BLANKS)})"


def is_missing(cell: str | None) -> bool:
    """Return whether a cell holds nothing."""
    # No word for "nothing" ends with a digit, and most cells do: three times as fast as looking each of them up.
    return cell is None or (not cell[-1:].isdecimal() and cell.strip(BLANKS).lower() in MISSING)


def parse_number(cell: str, form: NumberFormat) -> float | None:
    """Return the number a cell holds, or None if it holds none in this format."""
    text = cell.strip(BLANKS)
    value: float | None = None
    if form.duration:
        value = _seconds(text)
    elif (form.plain or form.decimal == ".") and PLAIN.fullmatch(text):
        value = float(text)
    elif not form.plain and len(text) <= MAX_MATCHED:
        value = _general(text, form)
    return value if value is not None and math.isfinite(value) else None


def _general(text: str, form: NumberFormat) -> float | None:
    match = _finder(form).match(text)
    if match is None:
        return None
    opened, sign, pre, inner, digits, scale, post, _, closed, behind = match.groups()
    if bool(opened) != bool(closed) or (pre and post) or bool(sign) + bool(inner) + bool(behind) > 1:
        return None
    if not _unit_fits(pre or post, form):
        return None
    text = re.sub(f"[{'.' if form.decimal == ',' else ','}{SPACES}]", "", digits).replace(form.decimal, ".")
    value = float(text) * (SCALES[scale.lower()] if scale else 1.0)
    negative = bool(opened) != ((sign or inner or behind) in {"-", MINUS})
    return -value if negative else value


@lru_cache(maxsize=64)
def _finder(form: NumberFormat) -> re.Pattern[str]:
    return re.compile(form.pattern(), re.ASCII)


def _unit_fits(sign: str | None, form: NumberFormat) -> bool:
    return sign is None or unit_of(sign) == form.unit or sign in form.units


def _seconds(text: str) -> float | None:
    match = _DURATION_PY.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    sign, days, hours, minutes, seconds = match.groups()
    value = int(days or 0) * 86_400 + int(hours) * 3_600 + int(minutes) * 60 + float(seconds)
    return -value if sign else value


def unit_of(sign: str | None) -> str | None:
    """Return the one way in which a sign is written here ("Rs." is "₹")."""
    return _ALIASES.get(sign.lower(), sign) if sign else None


def number_sql(cell: str, form: NumberFormat) -> str:
    """Return SQL that gives the finite DOUBLE a cell holds, or NULL."""
    if form.duration:
        return _duration_sql(cell)
    # SQL's cast also takes "1_000", which no table means as a number.
    # The cast itself knows only the blanks of ASCII: cells with others are trimmed for a second try.
    cast = f"coalesce(try_cast({cell} AS DOUBLE), try_cast({trimmed_sql(cell)} AS DOUBLE))"
    plain = f"CASE WHEN isfinite({cast}) AND NOT contains({cell}, '_') THEN {cast} END"
    if form.plain:
        return plain
    names = "['o', 's', 'p', 'i', 'd', 'k', 'q', 'f', 'c', 'b']"
    trimmed = trimmed_sql(cell)
    parts = (
        f"regexp_extract(CASE WHEN length({trimmed}) <= {MAX_MATCHED} THEN {trimmed} ELSE '' END,"
        f" {literal(form.pattern())}, {names})"
    )
    group = f"[{'.' if form.decimal == ',' else ','}{SPACES}]"
    text = f"replace(regexp_replace(x.d, {literal(group)}, '', 'g'), {literal(form.decimal)}, '.')"
    signs = sorted({s for s in (form.unit, *form.units, *(k for k, v in _ALIASES.items() if v == form.unit)) if s})
    allowed = ", ".join(["''", *(literal(s.lower()) for s in signs)])
    factor = ""
    if form.scaled:
        listed = " ".join(f"WHEN '{suffix}' THEN {scale:.1f}" for suffix, scale in SCALES.items())
        factor = f" * CASE lower(x.k) {listed} ELSE 1 END"
    # A list of one struct, so that the cell is matched once.
    general = (
        f"list_transform([{parts}], lambda x: CASE WHEN (x.o = '') = (x.c = '') AND (x.p = '' OR x.q = '')"
        f" AND length(x.s || x.i || x.b) <= 1 AND list_contains([{allowed}], lower(x.p || x.q))"
        f" AND isfinite(try_cast({text} AS DOUBLE))"
        f" THEN try_cast({text} AS DOUBLE){factor}"
        f" * CASE WHEN (x.o <> '') <> ((x.s || x.i || x.b) IN ('-', '{MINUS}')) THEN -1 ELSE 1 END"
        " END)[1]"
    )
    return f"coalesce({plain}, {general})" if form.decimal == "." else general


def _duration_sql(cell: str) -> str:
    parts = f"regexp_extract({cell}, {literal(_DURATION)}, ['g', 'd', 'h', 'm', 's'])"
    days = "CASE WHEN x.d = '' THEN 0 ELSE x.d::INT END"
    seconds = f"({days}) * 86400 + x.h::INT * 3600 + x.m::INT * 60 + x.s::DOUBLE"
    sign = "CASE WHEN x.g = '' THEN 1 ELSE -1 END"
    return f"list_transform([{parts}], lambda x: CASE WHEN x.m <> '' THEN {sign} * ({seconds}) END)[1]"


def missing_sql(cell: str) -> str:
    """Return SQL that says whether a cell holds nothing."""
    tokens = ", ".join(literal(token) for token in sorted(MISSING))
    # Not IN: DuckDB 2.0 makes a join of a long list, and behind a join rows lose the file's order.
    return f"({cell} IS NULL OR list_contains([{tokens}], lower({trimmed_sql(cell)})))"


def infer_number(cells: Sequence[str], decimal: str) -> tuple[NumberFormat, float]:
    """Find the format that reads the most cells, and the share it reads.

    Args:
        cells: what the column holds, without missing cells.
        decimal: the decimal sign to assume.
    """
    texts = [cell.strip(BLANKS) for cell in cells]
    if cells and sum(_seconds(text) is not None for text in texts[:50]) > len(texts[:50]) / 2:
        form = NumberFormat(plain=False, duration=True, unit="s")
        return form, sum(_seconds(text) is not None for text in texts) / len(cells)
    if decimal == "." and has_flags(texts):
        form = NumberFormat(plain=False, flagged=True)
        return form, sum(parse_number(text, form) is not None for text in texts) / len(texts)
    plain = decimal == "."
    odd = [text for text in texts if not (plain and PLAIN.fullmatch(text))]
    if not odd:
        return NumberFormat(decimal=decimal), 1.0 if cells else 0.0
    if decimal == "," and all(text.lstrip("+-").isdecimal() for text in odd):
        return NumberFormat(decimal=decimal), 1.0
    form, matches = _format_of(odd, len(cells), decimal, scaled=False)
    if matches < 0.5 * len(odd) or _factors(form.units) or form.unit in SCALES or (form.unit or "").lower() in SCALES:
        scaled, better = _format_of(odd, len(cells), decimal, scaled=True)
        if better > matches or (better == matches and _means_factors(texts, scaled)):
            form, matches = scaled, better
    read = sum(parse_number(cell, form) is not None for cell in cells)
    return form, read / len(cells)


def _factors(units: Sequence[str]) -> bool:
    return any(unit.lower() in SCALES for unit in units)


def _means_factors(texts: Sequence[str], scaled: NumberFormat) -> bool:
    """Whether letters such as K or M behind digits are factors: not where all cells have the same ("20 m", "5 g")."""
    suffixes = {match[6] for text in texts if (match := _finder(scaled).match(text)) and len(text) <= MAX_MATCHED}
    return len(suffixes) > 1 or bool(
        suffixes & {"K", "k", "M", "B", "Bn", "bn", "Mn", "mn"} and not suffixes & {"m", "g"}
    )


def _format_of(texts: Sequence[str], cells: int, decimal: str, *, scaled: bool) -> tuple[NumberFormat, int]:
    """Return the format of the cells that are no plain numbers, and how many of them it reads."""
    units: Counter[str] = Counter()
    thousands = None
    finder = _finder(NumberFormat(plain=False, decimal=decimal, scaled=scaled))
    for text in texts[:400]:
        match = finder.match(text) if len(text) <= MAX_MATCHED else None
        if match is None:
            continue
        if sign := unit_of(match[3] or match[7]):
            units[sign] += 1
        thousands = thousands or next((c for c in match[5] if not c.isdecimal() and c not in decimal + "eE+-"), None)
    usual = units.most_common(1)[0][0] if units else None
    # Flags of a statistical office ("12 e", "12 p") differ from cell to cell; a unit of letters is the same in most.
    flags = tuple(unit for unit, _ in units.most_common() if unit in _FLAGS)
    if usual and usual[0].isalpha() and usual not in _CURRENCIES and units[usual] < 0.5 * cells:
        usual = None
    apart = sum(" " in text for text in texts[:400]) >= MOST_APART * len(texts[:400])
    if units.total() > 0.6 * cells and not (
        apart and len(flags) > 1
    ):  # letters behind next to all numbers are a name's ("1a", "2b"), not flags
        flags = ()
    form = NumberFormat(
        plain=False,
        decimal=decimal,
        thousands=thousands,
        unit=usual,
        units=flags if usual is None else (),
        scaled=scaled,
    )
    return form, sum(parse_number(text, form) is not None for text in texts[:400])
