"""Cells that are numbers: plain, with separators, signs and units. One pattern serves Python and SQL (RE2)."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
    ]
)
_SIGNS: Final = r"[₹$€£¥₩₽₺₫₴₦฿¢%‰°]|Rs\.?|INR|USD|EUR|GBP|JPY|CHF|US\$|R\$|A\$|C\$|kr|°C|°F"
_SPACES: Final = "\u00a0\u202f\u2009 '\u2019"  # all sorts of spaces, both apostrophes
_MINUS: Final = "\u2212"  # the sign that typography uses
_ALIASES: Final = {"rs": "₹", "rs.": "₹"}
# A plain number needs no pattern: SQL's own cast reads it.
PLAIN: Final = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
BLANKS: Final = " \t\r\n\u00a0\u202f\u2009\ufeff"  # what may surround a cell


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of a column are written.

    Attributes:
        plain: whether SQL's cast reads them as they are.
        decimal: "." or ",".
        thousands: the separator seen between groups, if any.
        unit: the sign that goes with them, if any.
    """

    plain: bool = True
    decimal: str = "."
    thousands: str | None = None
    unit: str | None = None

    def pattern(self) -> str:
        """Return the pattern of a whole cell with the groups ``open sign pre digits post close``."""
        group = "[" + re.escape("," if self.decimal == "." else ".") + _SPACES + "]"
        point = re.escape(self.decimal)
        whole = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}|\d+"
        digits = rf"(?:{whole})(?:{point}\d*)?(?:[eE][+-]?\d+)?|{point}\d+(?:[eE][+-]?\d+)?"
        sign = f"[-+{_MINUS}]"
        gap = "[\\s\u00a0\u202f\u2009]*"
        parts = (r"(\()?", f"({sign})?", f"({_SIGNS})?", f"({sign})?", f"({digits})", f"({_SIGNS})?", r"(\))?")
        return f"^{gap}{gap.join(parts)}{gap}$"


def is_missing(cell: str | None) -> bool:
    """Return whether a cell holds nothing."""
    return cell is None or cell.strip(BLANKS).lower() in MISSING


def parse_number(cell: str, form: NumberFormat) -> float | None:
    """Return the number a cell holds, or None if it holds none in this format."""
    if form.plain or form.decimal == ".":
        if PLAIN.fullmatch(cell):
            value = float(cell)
            return value if math.isfinite(value) else None
        if form.plain:
            return None
    match = re.match(form.pattern(), cell, re.ASCII)
    if match is None:
        return None
    opened, sign, pre, inner, digits, post, closed = match.groups()
    if bool(opened) != bool(closed) or (pre and post) or (sign and inner):
        return None
    unit = unit_of(pre or post)
    if unit is not None and unit != form.unit:
        return None
    text = re.sub(f"[{'.' if form.decimal == ',' else ','}{_SPACES}]", "", digits).replace(form.decimal, ".")
    value = float(text)
    negative = bool(opened) != ((sign or inner) in {"-", _MINUS})
    return (-value if negative else value) if math.isfinite(value) else None


def unit_of(sign: str | None) -> str | None:
    """Return the one way in which a sign is written here ("Rs." is "₹")."""
    return _ALIASES.get(sign.lower(), sign) if sign else None


def number_sql(cell: str, form: NumberFormat) -> str:
    """Return SQL that gives the finite DOUBLE a cell holds, or NULL."""
    # SQL's cast also takes "1_000", which no table means as a number.
    cast = f"try_cast({cell} AS DOUBLE)"
    plain = f"CASE WHEN isfinite({cast}) AND NOT contains({cell}, '_') THEN {cast} END"
    if form.plain:
        return plain
    names = "['o', 's', 'p', 'i', 'd', 'q', 'c']"
    parts = f"regexp_extract({cell}, {literal(form.pattern())}, {names})"
    group = f"[{'.' if form.decimal == ',' else ','}{_SPACES}]"
    text = f"replace(regexp_replace(x.d, {literal(group)}, '', 'g'), {literal(form.decimal)}, '.')"
    signs = sorted({s for s in (form.unit, *(k for k, v in _ALIASES.items() if v == form.unit)) if s})
    allowed = ", ".join(["''", *(literal(s.lower()) for s in signs)])
    # A list of one struct, so that the cell is matched once.
    general = (
        f"list_transform([{parts}], lambda x: CASE WHEN (x.o = '') = (x.c = '') AND (x.p = '' OR x.q = '')"
        f" AND (x.s = '' OR x.i = '') AND list_contains([{allowed}], lower(x.p || x.q))"
        f" AND isfinite(try_cast({text} AS DOUBLE))"
        f" THEN try_cast({text} AS DOUBLE)"
        f" * CASE WHEN (x.o <> '') <> ((x.s || x.i) IN ('-', '{_MINUS}')) THEN -1 ELSE 1 END"
        " END)[1]"
    )
    return f"coalesce({plain}, {general})" if form.decimal == "." else general


def missing_sql(cell: str) -> str:
    """Return SQL that says whether a cell holds nothing."""
    tokens = ", ".join(literal(token) for token in sorted(MISSING))
    # Not IN: DuckDB 2.0 makes a join of a long list, and behind a join rows lose the file's order.
    return f"({cell} IS NULL OR list_contains([{tokens}], lower(trim({cell}, {literal(BLANKS)}))))"


def literal(text: str) -> str:
    """Return SQL's string literal of a text."""
    return "'" + text.replace("'", "''") + "'"


def decimal_evidence(cells: Sequence[str]) -> Counter[str]:
    """Count the cells that prove a decimal sign: by both separators, or by a group that cannot be thousands."""
    votes: Counter[str] = Counter()
    for cell in cells:
        body = re.sub(rf"{_SIGNS}|[-+()\s'{_MINUS}{_SPACES}]", "", cell)
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


def infer_number(cells: Sequence[str], decimal: str) -> tuple[NumberFormat, float]:
    """Find the format that reads the most cells, and the share it reads.

    Args:
        cells: what the column holds, without missing cells.
        decimal: the decimal sign to assume.
    """
    units: Counter[str | None] = Counter()
    thousands = None
    form = NumberFormat(plain=False, decimal=decimal)
    finder = re.compile(form.pattern(), re.ASCII)
    plain = decimal == "."
    for cell in cells:
        if plain and PLAIN.fullmatch(cell):
            continue
        match = finder.match(cell)
        if match is None:
            continue
        plain = False
        units[unit_of(match[3] or match[6])] += 1
        separator = next((c for c in match[5] if not c.isdigit() and c not in decimal + "eE+-"), None)
        thousands = thousands or separator
    unit = next((u for u, _ in units.most_common() if u), None)
    if decimal == "," and not units and all(cell.strip().lstrip("+-").isdigit() for cell in cells):
        plain = True
    form = NumberFormat(plain=plain, decimal=decimal, thousands=thousands, unit=unit)
    read = sum(parse_number(cell, form) is not None for cell in cells)
    return form, read / len(cells) if cells else 0.0
