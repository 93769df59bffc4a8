"""How files are read in every profile: in processes of their own, within the limits of the settings."""

from pathlib import Path
from typing import Final

from adapters.duckdb.isolated.reader import IsolatedTableReader, ReaderBudget
from adapters.duckdb.limits import PREFIX, ReadLimits
from domain.errors import ConfigurationError
from entrypoints.bootstrap.settings import Settings

UNITS: Final = {  # as DuckDB's memory_limit
    "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40,
}  # fmt: skip


def isolated_reader(settings: Settings, scratch: Path) -> IsolatedTableReader:
    """Make the reader.

    Args:
        settings: of the process.
        scratch: folder for temporary copies.

    Raises:
        ConfigurationError: the memory for processing is no size.
    """
    budget = ReaderBudget(
        threads=settings.processing_threads,
        memory=settings.processing_memory,
        memory_bytes=bytes_of(settings.processing_memory),
        own_memory_bytes=settings.reading_memory_bytes,
        preview_seconds=settings.preview_seconds,
        reading_seconds=settings.reading_seconds,
    )
    limits = ReadLimits(
        max_unpacked_bytes=settings.max_unpacked_bytes,
        max_rows=settings.max_rows,
        max_columns=settings.max_columns,
        max_nesting=settings.max_nesting,
        max_cells=settings.max_cells,
    )
    return IsolatedTableReader(budget, limits, scratch)


def bytes_of(size: str) -> int:
    """Return a size like 512MB in bytes. Raises ConfigurationError."""
    text = size.strip().upper()
    unit = next((unit for unit in sorted(UNITS, key=len, reverse=True) if text.endswith(unit)), None)
    try:
        return int(float(text.removesuffix(unit or "")) * UNITS[unit or ""])
    except (KeyError, ValueError, OverflowError) as error:
        variable = f"{PREFIX}PROCESSING_MEMORY"
        raise ConfigurationError(
            f"{variable} is {size!r}, which is no size. Write it like 512MB or 2GiB.", settings={variable: size}
        ) from error
