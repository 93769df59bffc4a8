"""How long does the PDF of a large dataset take? Budget: 5 s for 1,000,000 rows, from the finished analysis.

The floor is the same compiler on an empty page: what typesetting costs whatever there is to print.

    uv run python -m benchmarks.report_pdf [--rows 1000000] [--repeat 5]
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import typst

from adapters.report_renderers.pdf_document import PdfDocument
from domain.analysis.analysis import Analysis
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.datasets.parse_options import ParseOptions
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import Settings

BUDGET_SECONDS = 5  # issue 6, point 1
SPIKE_EVERY = 40_000  # rows: some anomalies to print


def write_rows(path: Path, rows: int) -> None:
    """A value per minute with a daily rhythm, noise that repeats, and spikes."""
    duckdb.sql(
        f"COPY (SELECT TIMESTAMP '2024-01-01' + to_minutes(i) AS time,"
        f" round(100 + 30 * sin(i / 1440.0 * 2 * pi()) + hash(i) % 1000 / 100.0"
        f" + CASE WHEN i % {SPIKE_EVERY} BETWEEN 700 AND 1000 THEN 90 ELSE 0 END, 2) AS load, hash(i) % 50 AS orders"
        f" FROM range({rows}) t(i)) TO '{path}' (FORMAT csv, HEADER true)"
    )


async def analysed(path: Path, size: int) -> tuple[Dataset, Analysis, float]:
    """The dataset, the analysis of its first metric, and the seconds from the file to it."""
    begin = time.perf_counter()
    async with local(Settings()) as file:
        dataset = await file.read(path, size, ParseOptions(), lambda *_: None)
        async for analysis in file.analyses(dataset, AnalysisSettings(), lambda *_: None):
            return dataset, analysis, time.perf_counter() - begin
    raise SystemExit("nothing to analyse")


def seconds(work: Callable[[], object], repeat: int) -> float:
    """The median."""
    taken = []
    for _ in range(repeat):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, empty = Path(folder) / "rows.csv", Path(folder) / "empty.typ"
        write_rows(source, arguments.rows)
        empty.write_text("")
        dataset, analysis, reading = asyncio.run(analysed(source, source.stat().st_size))
        document = PdfDocument()
        begin = time.perf_counter()
        size = len(document.render(analysis, dataset))
        first = time.perf_counter() - begin
        floor = seconds(lambda: typst.compile(str(empty)), arguments.repeat)
        warm = seconds(lambda: document.render(analysis, dataset), arguments.repeat)
    print(f"{arguments.rows:,} rows, {len(analysis.anomalies)} anomalies, {size:,} bytes of PDF")
    print(f"  file to analysis        {reading:6.2f} s")
    print(f"  first PDF of a process  {first:6.2f} s   (budget {BUDGET_SECONDS} s)")
    print(f"  further PDFs            {warm:6.3f} s")
    print(f"  an empty page           {floor:6.3f} s   further PDFs / empty page: {warm / floor:.1f} x")
    if first > BUDGET_SECONDS:
        sys.exit(f"over the budget of {BUDGET_SECONDS} s")


if __name__ == "__main__":
    main()
