"""Whether a ZIP archive is a workbook (Office Open XML or OpenDocument) rather than an archive of files."""

import zipfile
from pathlib import Path
from typing import Final

_OFFICE: Final = b"[Content_Types].xml"
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument."


def is_workbook(path: Path) -> bool:
    """Return whether the archive holds a workbook's parts, by its directory or, if cut off, by its first entry."""
    with path.open("rb") as file:
        head = file.read(256)
    if not head.startswith(b"PK\x03\x04"):
        return False
    if _OPEN_DOCUMENT in head or _OFFICE in head[:64]:
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        return False
