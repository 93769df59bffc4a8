"""The rows that could not be used, as a CSV that a spreadsheet opens without running anything."""

import csv
from pathlib import Path
from typing import Final

from domain.datasets.ingest_result import Reject
from domain.wording.spreadsheet import plain_text

SORTED_UP_TO: Final = 200_000  # rejects are put in order of lines while they fit into some 50 MB
SHOWN: Final = 3


class RejectFile:
    """Writes rejects as they come and remembers the first ones."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.of_shape = 0  # rows of the wrong width, which are no rows of the opened table
        self.first: list[Reject] = []
        self._file = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["line", "column", "value", "reason"])

    def add(self, reject: Reject) -> None:
        """Write one."""
        self.count += 1
        self.of_shape += not reject.column
        if len(self.first) < SHOWN:
            self.first.append(reject)
        self._writer.writerow([reject.line, *(plain_text(t) for t in (reject.column, reject.value, reject.reason))])

    def close(self) -> None:
        """Finish the file, in order of lines."""
        if self._file.closed:
            return
        self._file.close()
        if not 1 < self.count <= SORTED_UP_TO:
            return
        with self.path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        rows.sort(key=lambda row: int(row[0]))
        with self.path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
