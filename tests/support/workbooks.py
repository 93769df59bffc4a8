"""Workbooks made on the spot, as small as the formats allow."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

Cell = str | float | int | bool | datetime | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BEGIN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, str] | None = None,
) -> bytes:
    """Write sheets of cells; times become serial days with the format of a date."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r0" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>",
    }
    listed, relations = "", f'<Relationship Id="rs" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    for n, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{escape(name)}" sheetId="{n}"{state} r:id="r{n}"/>'
        relations += f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        body = "".join(f'<row r="{i}">{"".join(map(_cell, row))}</row>' for i, row in enumerate(rows, 1))
        span = (merged or {}).get(name)
        merges = f'<mergeCells count="1"><mergeCell ref="{span}"/></mergeCells>' if span else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merges}</worksheet>'
        )
    parts["xl/workbook.xml"] = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
    return zipped({name: (_BEGIN + text).encode() for name, text in parts.items()})


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, datetime):
        days = (value - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001 - a workbook knows no zone
        return f'<c s="1"><v>{days!r}</v></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"


def ods(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Write one sheet of texts and numbers as OpenDocument."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>'
            if isinstance(c, str)
            else f'<table:table-cell office:value-type="float" office:value="{c}"/>'
            for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'{_BEGIN}<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'{_BEGIN}<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files as ZIP, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                name, content, compress_type=zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
