"""The formats that are read. A new one is a module beside this and one line in ``FORMATS``."""

from typing import Final

from adapters.duckdb.reader.formats.arrow import ARROW
from adapters.duckdb.reader.formats.delimited import DELIMITED
from adapters.duckdb.reader.formats.format import Format
from adapters.duckdb.reader.formats.json import JSON
from adapters.duckdb.reader.formats.ndjson import NDJSON
from adapters.duckdb.reader.formats.parquet import PARQUET
from adapters.duckdb.reader.formats.workbook import WORKBOOK
from domain.datasets.parse_options import FileFormat

# The first that recognises a file reads it; delimited text takes what nothing else does.
FORMATS: Final[tuple[Format, ...]] = (PARQUET, ARROW, WORKBOOK, NDJSON, JSON, DELIMITED)


def format_of(kind: FileFormat) -> Format:
    """Return the format of that name."""
    return next(form for form in FORMATS if kind in form.kinds)
