"""How much a file may hold. Each refusal says what was found, what is allowed and which setting allows more."""

from typing import Final

from domain.errors import FileBeyondLimitError
from domain.struct import Struct

GIB: Final = 1024**3
MEMORY: Final = "512MB"  # of the 1 GB that working on a file of 1 GB may take (docs/decisions/0011)
PREFIX: Final = "DRIFTLINE_"
MOST_NESTING: Final = 64  # levels that become dotted columns: nothing that is read may be deeper, or it would be lost


class ReadLimits(Struct, frozen=True):
    """Upper bounds on what is read from one file.

    Attributes:
        max_unpacked_bytes: size that a compressed file may unpack to. 20 GiB: ten times the largest upload, which is
            what gzip makes of ordinary tables.
        max_rows: rows of a table. 500 million: five times the largest table that processing was measured with.
        max_columns: columns of a table. 1,000: at 4,000 columns a preview took 9 s and every entry of the list of
            datasets had 0.7 MB.
        max_nesting: levels of objects and lists inside each other. 32: nested fields become columns with dotted
            names; the deepest real exports (GeoJSON, FHIR) have under 20. At most ``MOST_NESTING``.
        max_cells: of a sheet of a workbook, empty ones too, which are all held in memory. 50 million: a sheet of
            1,048,576 rows, the most that Excel has, with 47 columns.
    """

    max_unpacked_bytes: int = 20 * GIB
    max_rows: int = 500_000_000
    max_columns: int = 1_000
    max_nesting: int = 32
    max_cells: int = 50_000_000

    def check_unpacked(self, size: int) -> None:
        """Raises FileBeyondLimitError."""
        _check("max_unpacked_bytes", size, self.max_unpacked_bytes, "bytes when it is unpacked")

    def check_rows(self, rows: int) -> None:
        """Raises FileBeyondLimitError."""
        _check("max_rows", rows, self.max_rows, "rows")

    def check_columns(self, columns: int) -> None:
        """Raises FileBeyondLimitError."""
        _check("max_columns", columns, self.max_columns, "columns")

    def check_nesting(self, levels: int) -> None:
        """Raises FileBeyondLimitError."""
        _check("max_nesting", levels, self.max_nesting, "levels of values inside each other")

    def check_cells(self, cells: int, sheet: str) -> None:
        """Raises FileBeyondLimitError."""
        _check("max_cells", cells, self.max_cells, f"cells in its sheet “{sheet}”")


DEFAULT_LIMITS: Final = ReadLimits()


def _check(limit: str, actual: int, allowed: int, words: str) -> None:
    if actual <= allowed:
        return
    setting = f"{PREFIX}{limit.upper()}"
    raise FileBeyondLimitError(
        f"The file has {actual:,} {words} or more; up to {allowed:,} are read. Make it smaller, or allow more "
        f"({setting}).",
        limit=limit,
        found=actual,
        allowed=allowed,
        setting=setting,
    )
