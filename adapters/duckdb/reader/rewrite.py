"""Texts in another manner than RFC 4180, rewritten line by line into it: every line keeps its number.

Columns aligned by blanks, cells in single quotes, and quotes escaped by a backslash. What a text is written in is
decided by its head: the manner in which more rows have the same number of cells, and more cells read as numbers or
times.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from adapters.duckdb.reader.head_rows import is_typed
from adapters.duckdb.reader.layout import DELIMITERS
from adapters.duckdb.reader.open_file import CHUNK, OpenedFile

PROBED_LINES: Final = 200
ALIKE: Final = 0.8  # of the lines have one number of cells
FEWEST_LINES: Final = 3
FEWEST_TYPED: Final = 1.5  # of 2: all lines alike and half of their cells numbers or times
_GAP: Final = re.compile(r" {2,}|\t+")
_BLANKS: Final = re.compile(r"[ \t]+")
_LEADERS: Final = re.compile(r"(?<![ .])\.{4,}(?= |$)")  # dots that lead the eye from a name to its figures
_ESCAPED: Final = re.compile(rb'(?<!\\)((?:\\\\){0,8})\\"')
_SINGLE: Final = re.compile(r"(?:^|[,;\t|])'[^'\n]{0,200}'(?=[,;\t|]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A rewritten text with the delimiter and quote it had, as a preview shows them."""

    source: OpenedFile
    delimiters: tuple[str, ...] | None = None
    note: str = ""


def rewritten(source: OpenedFile, head: bytes, work: Path) -> Rewritten | None:
    """Rewrite a text that is not written as RFC 4180 has it; None if it is, or if that cannot be told."""
    lines = head.decode(errors="replace").replace("\r\n", "\n").split("\n")[:PROBED_LINES]
    lines = [line for line in lines if line.strip()]
    if b"'" in head and (rewrite := _single_quotes(lines)) is not None:
        note = "Cells stand in single quotes (')."
        return Rewritten(_copied(source, work, rewrite), note=note)
    if b'\\"' in head and b'"' in head:
        return Rewritten(_unescaped(source, work))
    split = _aligned(lines)
    if split is None:
        return None
    return Rewritten(_copied(source, work, lambda line: _csv(split(line))), (",",), "Columns are separated by blanks.")


def _aligned(lines: Sequence[str]) -> Callable[[str], list[str]] | None:
    """Return what splits lines whose columns are aligned by blanks; None if a delimiter does it as well."""
    if len(lines) < FEWEST_LINES:
        return None
    lines = [_LEADERS.sub("  ", line) for line in lines]
    usual = max(_score([line.split(sign) for line in lines]) for sign in DELIMITERS)
    best, split = max(
        ((_score([pattern.split(line.strip()) for line in lines]), pattern) for pattern in (_GAP, _BLANKS)),
        key=lambda each: each[0],
    )
    if best < FEWEST_TYPED or best <= usual + 0.2:
        return None
    return lambda line: split.split(_LEADERS.sub("  ", line).strip())


def _score(rows: Sequence[Sequence[str]]) -> float:
    """Return the share of rows of the commonest width above one, plus the share of their cells that are typed."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    if count < ALIKE * len(rows):
        return 0.0
    cells = [cell for row in rows[1:50] if len(row) == width for cell in row if cell.strip()]
    return count / len(rows) + (sum(map(is_typed, cells)) / len(cells) if cells else 0.0)


def _single_quotes(lines: Sequence[str]) -> Callable[[str], str] | None:
    """Return what rewrites lines whose cells stand in single quotes; None if they do not."""
    text = "\n".join(lines)
    if len(_SINGLE.findall(text)) < ALIKE * len(lines) or text.count('"') > len(lines):
        return None
    sign = max(DELIMITERS, key=lambda each: _score([_quoted(line, each) for line in lines]))
    return lambda line: _csv(_quoted(line, sign), sign)


def _quoted(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, quotechar="'"), [])


def _csv(cells: Sequence[str], delimiter: str = ",") -> str:
    return delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' if _special(c, delimiter) else c for c in cells)


def _special(cell: str, delimiter: str) -> bool:
    return '"' in cell or delimiter in cell


def _copied(source: OpenedFile, work: Path, rewrite: Callable[[str], str]) -> OpenedFile:
    target = work / "rewritten.csv"
    with source.path.open("rb") as read, target.open("w", encoding="utf-8", newline="") as out:
        read.seek(source.start)
        for line in _lines(read):
            text = line.decode(errors="surrogateescape").rstrip("\r\n")
            out.write((rewrite(text) if text.strip() else "").encode(errors="replace").decode() + "\n")
    return replace(source, path=target, start=0)


def _lines(file: object) -> Iterator[bytes]:
    while line := file.readline(CHUNK):  # type: ignore[attr-defined]
        yield line


def _unescaped(source: OpenedFile, work: Path) -> OpenedFile:
    """Write a quote that a backslash escapes as two quotes."""
    target = work / "unescaped.csv"
    with source.path.open("rb") as read, target.open("wb") as out:
        read.seek(source.start)
        for line in _lines(read):
            out.write(_ESCAPED.sub(rb'\1""', line) if b'\\"' in line else line)
    return replace(source, path=target, start=0)
