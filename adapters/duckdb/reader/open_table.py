"""From a plain file to a table of cells: its format is found by content, never by name."""

from adapters.duckdb.reader.formats.format import Format, OpenRequest
from adapters.duckdb.reader.formats.refused import refuse_known
from adapters.duckdb.reader.formats.registry import FORMATS, format_of
from adapters.duckdb.reader.open_file import OpenedFile
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.text_encoding import as_utf8
from domain.datasets.parse_options import FileFormat, ParseOptions
from domain.errors import InvalidInputError, MalformedFileError


def open_table(request: OpenRequest) -> Opened:
    """Open a file as a table.

    Raises:
        UnusableFileError and its subclasses, InvalidInputError: also where the file is not of the format that was set.
    """
    source, options = request.source, request.options
    binary = next((form for form in FORMATS if not form.text and form.matches(source)), None)
    _check_binary(binary, options)
    if binary is None:
        refuse_known(source.head())
        source = as_utf8(source, request.work, options.encoding)
        binary = _text_format(source, options.format)
    if options.header_line is not None and not binary.header:
        raise InvalidInputError(
            f"Only text and workbooks have a header line; this file is {binary.name}. Leave the header to the file.",
            field="headerLine",
        )
    if options.sheet is not None and FileFormat.XLSX not in binary.kinds:
        raise InvalidInputError(
            f"Only workbooks have sheets; this file is {binary.name}. Leave “{options.sheet}” out.", field="sheet"
        )
    opened = binary.open(request.of(source))
    request.limits.check_columns(len(opened.names))
    return opened


def _check_binary(binary: Format | None, options: ParseOptions) -> None:
    """Check that the options fit a file that is of a binary format, or (None) is not."""
    if binary is None:
        if options.format is not None and not (wanted := format_of(options.format)).text:
            raise MalformedFileError(
                f"The file is not {wanted.name}: it lacks the mark that such a file begins with. Choose another format."
            )
        return
    if options.format is not None and options.format not in binary.kinds:
        raise MalformedFileError(
            f"The file is {binary.name}; it cannot be read as anything else. Set the format to auto-detect."
        )
    if options.encoding is not None:
        raise InvalidInputError(
            f"The file is {binary.name}, which has no encoding to choose: leave {options.encoding} out.",
            field="encoding",
        )


def _text_format(source: OpenedFile, chosen: FileFormat | None) -> Format:
    if chosen is not None:
        return format_of(chosen)
    return next(form for form in FORMATS if form.text and form.matches(source))
