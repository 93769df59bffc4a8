"""Why did the total move? The handed benchmarks, on the product's own search through thin adapters.

    python benchmarks/causes.py --inputs FOLDER [--sets S,L,RS,K] [--limit N]     leaf tables
    python benchmarks/causes.py --inputs FOLDER --events [--kinds two_values]     tables as a user uploads them
    python benchmarks/causes.py --inputs FOLDER --product                         the same, through the product's path

With ``--product`` each table is read as a file, stored and analysed, and each day is asked of the use case that
answers ``GET /api/analytics/{id}/causes``: dimensions, times to compare with and noise are the product's own findings.

``--inputs`` holds ``bench_causes.py``, ``score_events.py`` and their data (``dev/leaves``, ``dev/events``), which
are not part of this repository (here: ``../shared/causes``). Both print their own tables; times are processor time.
"""

import argparse
import asyncio
import gzip
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from domain.analysis.settings import AnalysisSettings
from domain.causes.explanation import Cause
from domain.causes.localise import Question
from domain.causes.localise import localise as product_localise
from domain.causes.reference_days import usual
from domain.datasets.parse_options import ParseOptions
from domain.use_cases.analyses.causes import AskedStretch
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import load

Table = dict[str, list[str]]
WEEKS = 6  # of the same weekday before: what is expected of a day
DEEPEST = 9  # the sets plant causes in all layers, and up to nine of them, whatever their size
MOST = 15


def named(cause: Cause) -> dict[str, str]:
    """Return a cause as the scripts want it."""
    return {condition.column: condition.value for condition in cause.conditions}


def localise(columns: Table, *sides: np.ndarray) -> list[dict[str, str]]:
    """Answer one case of ``bench_causes.py``."""
    question = Question(depth=DEEPEST, most=MOST, least_share=0.0)
    answer = product_localise(columns, *sides, question=question)
    return [named(cause) for cause in answer.causes]


def explain(table: Table, columns: list[str], measure: str, day: str) -> list[dict[str, object]]:
    """Answer one day of ``score_events.py``: its leaves against the same weekday in the weeks before."""
    dates = np.array([text[:10] for text in table["date"]], dtype="datetime64[D]")
    today = np.datetime64(day)
    before = [today - 7 * week for week in range(1, WEEKS + 1) if today - 7 * week >= dates.min()]
    rows = np.flatnonzero(np.isin(dates, [today, *before]))
    values = {column: np.asarray(table[column], dtype=str)[rows] for column in columns}
    _, first, leaf = np.unique(np.stack(list(values.values())), axis=1, return_index=True, return_inverse=True)
    leaves = {column: own[first].tolist() for column, own in values.items()}

    def sums(name: str, date: np.datetime64) -> np.ndarray:
        numbers = np.array([float(table[name][row] or 0) for row in rows])
        return np.bincount(leaf.ravel(), numbers * (dates[rows] == date), len(first))

    pairs, noises = [], []
    for name in measure.split("/"):
        past = usual(np.array([sums(name, date) for date in before]))
        pairs += [sums(name, today), past.expected]
        noises.append(past.noise)
    question = Question(noise=noises[0], noise_b=noises[-1])
    answer = product_localise(leaves, *pairs, question=question)
    return [{"cause": named(cause), "effect": cause.effect.value} for cause in answer.causes]


async def product_answers(data: Path) -> dict[str, object]:
    """Ask the product for the causes of every day that is scored."""
    truths = json.loads((data / "truth.json").read_text())
    answers: dict[str, object] = {}
    seconds: list[float] = []
    for name, truth in truths.items():
        if not truth["ask"]:
            continue
        metric, _, per = truth["measure"].partition("/")
        first, last = (np.datetime64(day) for day in truth["window"])
        days = [*map(str, np.arange(first, last + 1)), *truth["calm"]]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.csv"
            path.write_bytes(gzip.decompress((data / f"{name}.csv.gz").read_bytes()))
            async with local(load({})) as file:
                dataset = await file.read(path, path.stat().st_size, ParseOptions(), lambda *_: None)
                analysis, _ = await file.analyse(dataset, metric, AnalysisSettings())
                dates: dict[str, object] = {}
                for day in days:
                    begun = time.perf_counter()
                    found = await file.explain(dataset, analysis, AskedStretch(start=day, per=per or None))
                    seconds.append(time.perf_counter() - begun)
                    dates[day] = [{"cause": named(cause), "effect": cause.effect.value} for cause in found.causes]
                answers[name] = {"dates": dates}
    print(f"{len(seconds)} questions, {1000 * np.median(seconds):.0f} ms each (median)")
    return answers


def score_product(inputs: Path, rest: list[str]) -> None:
    """Score what the product answers with the handed script."""
    data = inputs / "dev" / "events"
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        answers.write_text(json.dumps(asyncio.run(product_answers(data))))
        sys.argv = ["score_events.py", "--answers", str(answers), "--data", str(data), *rest]
        sys.path.insert(0, str(inputs.resolve()))
        __import__("score_events").main()


def main() -> None:
    """Run from a shell."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    ask.add_argument("--inputs", type=Path, required=True)
    ask.add_argument("--events", action="store_true")
    ask.add_argument("--product", action="store_true")
    given, rest = ask.parse_known_args()
    if given.product:
        score_product(given.inputs, rest)
        return
    script, data = ("score_events", "events") if given.events else ("bench_causes", "leaves")
    sys.modules["causes_under_test"] = sys.modules["__main__"]
    names = "explain" if given.events else "localise"
    sys.argv = [f"{script}.py", f"--{names}", f"causes_under_test:{names}"]
    sys.argv += ["--data", str(given.inputs / "dev" / data), *rest]
    sys.path.insert(0, str(given.inputs.resolve()))
    __import__(script).main()


if __name__ == "__main__":
    main()
