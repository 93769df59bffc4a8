"""What stands around a time: a text before it, its clock before its date, the mark of a footnote behind it."""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from adapters.duckdb.reader.columns.time_formats import TimeFormat
from adapters.duckdb.sql_text import literal

LOOKED_AT: Final = 200  # cells that tell whether a text stands before all of them
PROBES: Final = 20  # cells that are read as times
MOST: Final = 0.9  # of them that must be times
MOST_PREFIX: Final = 40  # characters
_CLOCK_FIRST: Final = r"^\s*(\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d{1,9})?)?(?: ?[AaPp][Mm])?),?\s+(\S.*)$"
# Provisional, revised, estimated, preliminary and footnotes, behind a digit: "2019p", "Jul-19r", "2019*", "2019 (p)",
# "2019(a)(b)", "2019 r,p", "2019¹".
_MARK: Final = (
    r"([0-9])(?: ?[*†‡#§^]{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰ᵃᵇᶜ]{1,2}|[a-eprsA-EPRS]{1,2}| ?[a-eprsPR](?:, ?[a-eprsPR])?"
    r"| ?\([A-Za-z]{1,3}\)(?: ?,? ?\([A-Za-z0-9]{1,3}\))?| ?\([0-9]\)(?: ?,? ?\([A-Za-z0-9]{1,3}\))?"
    r"| ?\[[^\]]{1,3}\])$"
)
_MARKED: Final = re.compile(_MARK)
_FIRST: Final = re.compile(_CLOCK_FIRST.replace(r"\s*", " ?").replace(r"\s+", " "), re.ASCII)
_OCTOBER: Final = r"^(\d{4})\.1$"
_TENTH: Final = re.compile(_OCTOBER, re.ASCII)


class Around(NamedTuple):
    """What stands around the times of a column (see ``TimeFormat``)."""

    prefix: str = ""
    clock_first: bool = False
    marked: bool = False


def cleaned(texts: Sequence[str], reads: Callable[[str], bool]) -> tuple[list[str], Around]:
    """Return the texts (with collapsed blanks) without what stands around their times, and what that is.

    Args:
        texts: cells of a column.
        reads: whether a text is a time by itself: where most are, nothing stands before them.
    """
    probes = [text for text in texts[:LOOKED_AT] if text]
    whole = bool(probes) and sum(map(reads, probes[:PROBES])) >= MOST * len(probes[:PROBES])
    prefix = "" if whole else _prefix_of(probes, reads)
    first = (
        not whole
        and bool(probes)
        and sum(bool(_FIRST.match(text[len(prefix) :])) for text in probes) >= MOST * len(probes)
    )
    marked = any(len(text) <= MOST_PREFIX and _MARKED.search(text) and not reads(text) for text in texts)
    around = Around(prefix, first, marked)
    if not any(around):
        return list(texts), around
    form = TimeFormat(families=(), prefix=prefix, clock_first=first, marked=marked)
    return [cleaned_cell(text, form) for text in texts], around


def cleaned_cell(text: str, form: TimeFormat) -> str:
    """Return a cell (with collapsed blanks) without what stands around its time."""
    if form.prefix and text.startswith(form.prefix):
        text = text[len(form.prefix) :]
    if form.clock_first:
        text = _FIRST.sub(r"\2 \1", text)
    if form.marked and len(text) <= MOST_PREFIX:
        text = _MARKED.sub(r"\1", text)
    return _TENTH.sub(r"\1.10", text) if form.october else text


def unmarked(text: str) -> str:
    """Return a text without the mark of a footnote behind its last digit."""
    return _MARKED.sub(r"\1", text) if len(text) <= MOST_PREFIX else text


def cleaned_sql(cell: str, form: TimeFormat) -> str:
    """Return SQL for what ``cleaned_cell`` does."""
    if not (form.prefix or form.clock_first or form.marked or form.october):
        return cell
    text = f"trim(regexp_replace({cell}, '\\s+', ' ', 'g'))"
    if form.prefix:
        size = len(form.prefix)
        text = f"CASE WHEN starts_with({text}, {literal(form.prefix)}) THEN substr({text}, {size + 1}) ELSE {text} END"
    if form.clock_first:
        text = f"regexp_replace({text}, {literal(_CLOCK_FIRST)}, '\\2 \\1')"
    if form.marked:
        bare = f"regexp_replace({text}, {literal(_MARK)}, '\\1')"
        text = f"CASE WHEN length({text}) <= {MOST_PREFIX} THEN {bare} ELSE {text} END"
    return f"regexp_replace({text}, {literal(_OCTOBER)}, '\\1.10')" if form.october else text


def _prefix_of(texts: Sequence[str], reads: Callable[[str], bool]) -> str:
    """Return the words with which all cells begin, if times follow them."""
    if len(set(texts)) < 2:  # noqa: PLR2004 - of one text everything is common
        return ""
    common = _in_common(texts)[:MOST_PREFIX]
    while common:
        common = (
            common[: max(common.rfind(" ", 0, -1), common.rfind(":", 0, -1)) + 1] if common[-1] not in " :" else common
        )
        if not any(map(str.isalpha, common)) or any(map(str.isdigit, common)):
            return ""
        if sum(reads(text[len(common) :].strip()) for text in texts[:PROBES]) >= MOST * len(texts[:PROBES]):
            return common
        common = common[:-1].rstrip()
    return ""


def _in_common(texts: Sequence[str]) -> str:
    """Return what all texts begin with: as the first and the last in order do."""
    first, last = min(texts), max(texts)
    size = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:size]
