"""Arrow IPC files (Feather version 2) and streams, by arrow-rs (arro3), written as Parquet for DuckDB.

arro3 is 12 MB to install; pyarrow, which reads the same, is 55 MB, and nanoarrow reads no compressed buffers.
"""

from dataclasses import replace
from typing import Final

import arro3.io

from adapters.duckdb.engine import connect
from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.formats.parquet import open_parquet
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.sql_text import literal
from domain.datasets.parse_options import FileFormat
from domain.errors import BinaryFileError, MalformedFileError

FILE_MAGIC: Final = b"ARROW1"
FEATHER_V1: Final = b"FEA1"
STREAM_MAGIC: Final = b"\xff\xff\xff\xff"  # the continuation mark before the schema's message


def open_arrow(request: OpenRequest) -> Opened:
    """Open an Arrow file or stream.

    Raises:
        BinaryFileError: it is Feather version 1.
        MalformedFileError, NoDataRowsError.
    """
    path, target = request.source.path, request.work / "arrow.parquet"
    if request.source.head(len(FEATHER_V1)) == FEATHER_V1:
        raise BinaryFileError("The file is Feather version 1, which is not supported. Save it as version 2.")
    is_file = request.source.head(len(FILE_MAGIC)) == FILE_MAGIC
    engine = connect(request.work)
    try:
        reader = arro3.io.read_ipc(path) if is_file else arro3.io.read_ipc_stream(path)
        engine.register("arrow_source", reader)
        engine.execute(f"COPY (SELECT * FROM arrow_source) TO {literal(str(target))} (FORMAT parquet)")
    except Exception as error:  # arro3 raises bare exceptions
        cut = "" if request.whole else " A preview of an Arrow file needs the whole file."
        raise MalformedFileError(f"The Arrow file is damaged or incomplete.{cut} Write or upload it again.") from error
    finally:
        engine.close()
    return replace(open_parquet(request.of(replace(request.source, path=target))), format=FileFormat.ARROW)


def _matches(source: OpenedFile) -> bool:
    return source.head(8).startswith((FILE_MAGIC, FEATHER_V1, STREAM_MAGIC))


ARROW: Final = Format((FileFormat.ARROW,), "Arrow", text=False, matches=_matches, open=open_arrow)
