"""From a file to an analysis: our whole path against a bare DuckDB script, in one run.

    python benchmarks/file_to_analysis.py [rows ...] [--repeat 3]

The floor parses the same CSV with DuckDB's own reader and computes the daily series and its quartiles for both
metrics: it checks no row, keeps nothing, and judges nothing. Ours reads the file with every check, stores the rows,
and profiles, aggregates, judges and summarises both metrics. Each runs in a process of its own, the two in turn; the
best of the repeats counts, for a busy machine only ever adds; beside the ratio of times stands that of processor time.
Peak memory is that of the whole process.
"""

import argparse
import asyncio
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR, OURS = "floor", "ours"
METRICS = ("revenue", "orders")
BLOCK = 200_000


def make(rows: int, path: Path) -> None:
    """Write a CSV of three columns: a minute's time, an amount with two decimals, a count."""
    import numpy as np  # noqa: PLC0415 - the floor's process must not pay for it

    random = np.random.default_rng(20_240_101)
    start = np.datetime64("2005-01-01T00:00:00")
    with path.open("w") as file:
        file.write("date,revenue,orders\n")
        for at in range(0, rows, BLOCK):
            n = min(BLOCK, rows - at)
            times = np.datetime_as_string(start + (at + np.arange(n)) * np.timedelta64(60, "s"), unit="s")
            revenue = np.round(random.normal(25_000, 2_000, n), 2).tolist()
            orders = random.poisson(120, n).tolist()
            lines = (
                f"{t.replace('T', ' ')},{r},{o}\n" for t, r, o in zip(times.tolist(), revenue, orders, strict=True)
            )
            file.writelines(lines)


def run_floor(path: Path) -> dict[str, float]:
    """Parse, group by day, take quartiles: nothing else."""
    import duckdb  # noqa: PLC0415

    begun, used = time.perf_counter(), time.process_time()
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute(f"CREATE TABLE records AS FROM read_csv('{path}')")
        for metric in METRICS:
            daily = f"SELECT date_trunc('day', date) AS day, sum({metric}) AS value FROM records GROUP BY day"
            connection.execute(f"{daily} ORDER BY day").fetchnumpy()
            connection.execute(f"SELECT quantile_cont(value, [0.25, 0.5, 0.75]) FROM ({daily})").fetchall()
    return {"total": time.perf_counter() - begun, "processor": time.process_time() - used}


def run_ours(path: Path) -> dict[str, float]:
    """Everything between a stored file and a judged series."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    return asyncio.run(_ours(path))


async def _ours(path: Path) -> dict[str, float]:
    from adapters.duckdb.reader.reader import DuckDBTableReader  # noqa: PLC0415
    from adapters.duckdb.records.records import DuckDBRecords  # noqa: PLC0415
    from adapters.system import ThreadWorkerPool  # noqa: PLC0415
    from domain.datasets.dataset import Dataset  # noqa: PLC0415
    from domain.datasets.parse_options import ParseOptions  # noqa: PLC0415
    from domain.detection.detect import detect  # noqa: PLC0415
    from domain.timeseries.aggregation import Aggregate, Granularity, SeriesQuestion  # noqa: PLC0415
    from domain.timeseries.granularity import resolve_aggregate, resolve_granularity, rolling_window_for  # noqa: PLC0415
    from domain.timeseries.series import regularise, summarise  # noqa: PLC0415
    from tests.support.builders import a_dataset  # noqa: PLC0415

    took = dict.fromkeys(("ingest", "store", "profile", "series", "detect"), 0.0)
    with tempfile.TemporaryDirectory() as name:
        folder, worker_pool = Path(name), ThreadWorkerPool(2)
        await worker_pool.open()
        begun = mark = time.perf_counter()
        used = time.process_time()

        def lap(step: str) -> None:
            nonlocal mark
            now = time.perf_counter()
            took[step] += now - mark
            mark = now

        records = DuckDBRecords(folder / "records", worker_pool)
        await records.open()
        report = DuckDBTableReader().ingest(path, ParseOptions(), folder / "in", lambda _, __: None)
        lap("ingest")
        dataset: Dataset = a_dataset()
        await records.store(dataset, report)
        lap("store")
        for metric in report.metric_columns:
            profile = await records.profile(dataset, metric)
            lap("profile")
            granularity, _ = resolve_granularity(profile, Granularity.AUTO)
            aggregate, _ = resolve_aggregate(metric, profile, Aggregate.AUTO, granularity)
            question = SeriesQuestion(
                dataset_id=dataset.id,
                version=dataset.version,
                metric=metric,
                granularity=granularity,
                aggregate=aggregate,
                time_zone="UTC",
                rolling_window=rolling_window_for(granularity, profile.distinct_times),
            )
            series = regularise(await records.series(question), granularity, "UTC")
            lap("series")
            detect(series.time, series.value, last_bucket_complete=series.last_bucket_complete)
            summarise(series)
            lap("detect")
        took["total"] = time.perf_counter() - begun
        took["processor"] = time.process_time() - used
        await records.close()
        await worker_pool.close()
    return took


def measured(kind: str, path: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--run", kind, str(path)], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout))


def compare(rows: int, repeat: int, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    path = folder / f"{rows}.csv"
    make(rows, path)
    floors, ours = [], []
    for _ in range(repeat):
        floors.append(measured(FLOOR, path))
        ours.append(measured(OURS, path))
    path.unlink()
    return min(floors, key=lambda one: one["total"]), min(ours, key=lambda one: one["total"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=float, nargs="*", default=[1e4, 1e5, 1e6])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--run", nargs=2, metavar=("SIDE", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        side = {FLOOR: run_floor, OURS: run_ours}[given.run[0]]
        took = side(Path(given.run[1]))
        took["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(took))
        return
    steps = ("ingest", "store", "profile", "series", "detect")
    print(f"{'rows':>12} {'floor s':>8} {'ours s':>8} {'ratio':>6} {'cpu':>6} {'floor MB':>9} {'ours MB':>8}  "
          + " ".join(f"{step:>8}" for step in steps))  # fmt: skip
    totals: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in map(int, given.rows):
            floor, ours = compare(rows, given.repeat, Path(folder))
            totals.append((rows, ours["total"]))
            print(
                f"{rows:>12,} {floor['total']:>8.2f} {ours['total']:>8.2f} {ours['total'] / floor['total']:>6.2f}"
                f" {ours['processor'] / floor['processor']:>6.2f}"
                f" {floor['memory']:>9.0f} {ours['memory']:>8.0f}  "
                + " ".join(f"{ours[step]:>8.2f}" for step in steps),
                flush=True,
            )
    if len(totals) > 1:
        (low, first), (high, last) = totals[0], totals[-1]
        print(f"growth exponent from {low:,} to {high:,} rows: {math.log(last / first) / math.log(high / low):.2f}")


if __name__ == "__main__":
    main()
