"""Write the README's table of settings from the code that reads them: ``make settings-table``."""

import re
from pathlib import Path

import msgspec

from adapters.duckdb.limits import PREFIX
from entrypoints.bootstrap.settings import Settings
from infrastructure.toolchain import ROOT

README = ROOT / "README.md"
TABLE = re.compile(r"^\| setting \|.*?(?=\n\n)", re.DOTALL | re.MULTILINE)


def table() -> str:
    """Return the table as Markdown."""
    rows = [_row(field) for field in msgspec.structs.fields(Settings)]
    return "\n".join(["| setting | default | what it is |", "| --- | --- | --- |", *rows])


def _row(field: msgspec.structs.FieldInfo) -> str:
    default = field.default
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = default.relative_to(ROOT)
    if isinstance(default, bool):
        default = str(default).lower()
    shown = "" if default is None else f"`{default}`"
    description = next(note.description for note in field.type.__metadata__ if note.description)
    return f"| `{PREFIX}{field.name.upper()}` | {shown} | {description} |"


if __name__ == "__main__":
    README.write_text(TABLE.sub(lambda _: table(), README.read_text(encoding="utf-8")), encoding="utf-8")
