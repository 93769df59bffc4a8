"""How a file is to be read, where it does not say so itself."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from typing_extensions import override

from domain.datasets.columns import ColumnType
from domain.errors import InvalidInputError
from domain.struct import AsText, Struct

MAX_HEADER_LINE: Final = 999_999  # a header is looked for in a file's head, never a million lines down


class FileFormat(StrEnum):
    """By content, never by name; a user may say otherwise."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


class Encoding(StrEnum):
    """What a text may be said to be in: all that is guessed, and those that office programs write."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1250 = "windows-1250"
    WINDOWS_1251 = "windows-1251"
    WINDOWS_1252 = "windows-1252"
    WINDOWS_1253 = "windows-1253"
    WINDOWS_1254 = "windows-1254"
    WINDOWS_1255 = "windows-1255"
    WINDOWS_1256 = "windows-1256"
    WINDOWS_1257 = "windows-1257"
    ISO_8859_1 = "iso-8859-1"
    ISO_8859_5 = "iso-8859-5"
    ISO_8859_15 = "iso-8859-15"
    MAC_ROMAN = "mac-roman"
    CP850 = "cp850"
    CP866 = "cp866"
    CP874 = "cp874"
    KOI8_R = "koi8-r"
    SHIFT_JIS = "shift_jis"
    EUC_JP = "euc-jp"
    GB18030 = "gb18030"
    BIG5 = "big5"
    EUC_KR = "euc-kr"


class Shape(StrEnum):
    """What is done with a table that is not one row for each time."""

    AUTO = "auto"  # columns that make one time are joined, wide and long tables turned, totals left out
    AS_IS = "as_is"


class TypedColumn(Struct, frozen=True):
    """What the user says a column is."""

    name: str
    type: ColumnType

    @override
    def __str__(self) -> str:
        return f"{self.type}:{self.name}"


def delimiter_of(text: str, field: str = "delimiter") -> str:
    """Return the character that is meant: itself, or the word tab. Raises InvalidInputError."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(delimiter) != 1:
        raise InvalidInputError(f"{field}: {text!r} is not one character (or the word tab).", field=field)
    return delimiter


def typed_column_of(text: str, field: str = "columnType") -> TypedColumn:
    """Read ``number:revenue``. Raises InvalidInputError."""
    kind, colon, name = text.partition(":")
    if kind not in list(ColumnType):
        raise InvalidInputError(
            f"{field}: {kind!r} is not possible; choose one of {', '.join(ColumnType)}.", field=field
        )
    if not colon or not name:
        raise InvalidInputError(f"{field}: {text!r} is no type and column. Write it like number:revenue.", field=field)
    return TypedColumn(name=name, type=ColumnType(kind))


class ParseOptions(Struct, frozen=True):
    """What the user says of the file; None or empty means: decide from the file.

    The form, the presigned form, the command line and the client take these fields by themselves
    (``entrypoints/parameters.py``).
    """

    time_column: Annotated[
        str | None, Meta(description="Column that holds the time; decided from the file."), AsText(example="date")
    ] = None
    metric_columns: Annotated[
        tuple[str, ...],
        Meta(description="Columns to analyse; every numeric column without it."),
        AsText(example="revenue", once="metric_column"),
    ] = ()
    dimensions: Annotated[
        tuple[str, ...],
        Meta(description="Columns whose values group rows; every text or name that repeats without it."),
        AsText(example="region", once="dimension"),
    ] = ()
    not_dimensions: Annotated[
        tuple[str, ...],
        Meta(description="Columns whose values group no rows, though they repeat."),
        AsText(example="comment", once="not_dimension"),
    ] = ()
    time_zone: Annotated[
        str, Meta(description="Zone of times that name none, and of the calendar."), AsText(example="Europe/Berlin")
    ] = "UTC"
    day_first: Annotated[
        bool | None, Meta(description="Whether 03/04/2024 is the third of April, where the file does not tell.")
    ] = None
    delimiter: Annotated[
        str | None, Meta(description="What separates cells: one character, or the word tab."), AsText(read=delimiter_of)
    ] = None
    header_line: Annotated[
        Annotated[int, Meta(ge=0, le=MAX_HEADER_LINE)] | None,
        Meta(description="Line (from 1) that names the columns of a text or a sheet; 0 for none."),
    ] = None
    decimal_comma: Annotated[
        bool | None, Meta(description="Whether 1,5 is one and a half, where the file does not tell.")
    ] = None
    format: Annotated[FileFormat | None, Meta(description="Read it as this; else by content.")] = None
    encoding: Annotated[Encoding | None, Meta(description="What its text is in; else by content.")] = None
    column_types: Annotated[
        tuple[TypedColumn, ...],
        Meta(description="What a column is, as type:name."),
        AsText(example="number:revenue", read=typed_column_of, once="column_type"),
    ] = ()
    shape: Annotated[
        Shape,
        Meta(description="auto: join columns that make one time, turn wide and long tables, leave totals out."),
    ] = Shape.AUTO
    sheet: Annotated[str | None, Meta(description="Sheet of a workbook; the first that holds a table.")] = None
    member: Annotated[str | None, Meta(description="File inside a ZIP archive, where it holds several.")] = None

    def shape_free(self) -> "ParseOptions":
        """Return the same options without names of columns: those of a table that is still to be turned differ."""
        return msgspec.structs.replace(
            self, time_column=None, metric_columns=(), column_types=(), dimensions=(), not_dimensions=()
        )

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Every column that the options name; the file has to have them."""
        time = (self.time_column,) if self.time_column is not None else ()
        typed = (column_type.name for column_type in self.column_types)
        return (*time, *self.metric_columns, *typed, *self.dimensions, *self.not_dimensions)

    def may_group(self, column: str) -> bool:
        """Whether the user leaves it open, or says, that the values of this column group rows."""
        return column not in self.not_dimensions and (not self.dimensions or column in self.dimensions)

    def type_of(self, column: str) -> ColumnType | None:
        """What the user said this column is."""
        return next((column_type.type for column_type in self.column_types if column_type.name == column), None)


# Rows that are added to a dataset are read with the dataset's own.
OF_THE_DATASET: Final = ("time_column", "metric_columns", "column_types", "dimensions", "not_dimensions", "time_zone")
