"""Check every sentence of every analysis of a folder of files: ``python -m benchmarks.sentences --inputs FOLDER``.

Prints each sentence that a recomputation from the raw values refutes, and how many were checked.
"""

import argparse
import asyncio
from collections import Counter
from pathlib import Path

from benchmarks.sentences.points import Points
from benchmarks.sentences.rules import Checked, sentences
from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from domain.errors import DriftlineError
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import Settings


async def analysed(path: Path, size: int, metrics: int) -> list[Points]:
    """Return the points of the first few metrics of a file."""
    results = []
    async with local(Settings()) as file:
        dataset = await file.read(path, size, ParseOptions(), lambda *_: None)
        for metric in dataset.metric_columns[:metrics]:
            analysis, table = await file.analyse(dataset, metric, AnalysisSettings())
            results.append(Points(analysis, table, dataset.quality))
    return results


async def check(paths: list[tuple[Path, int]], metrics: int) -> list[tuple[str, Checked]]:
    """Check the sentences of all files."""
    checked = []
    for path, size in paths:
        try:
            for points in await analysed(path, size, metrics):
                name = f"{path.name}, {points.analysis.metric}"
                checked += [(name, sentence) for sentence in sentences(points)]
        except DriftlineError as error:
            print(f"{path.name}: {error}")
    return checked


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="folder with CSV files, searched deeply")
    parser.add_argument("--metrics", type=int, default=3, help="metrics of each file (default 3)")
    arguments = parser.parse_args()
    files = [(path, path.stat().st_size) for path in sorted(arguments.inputs.rglob("*.csv"))]
    checked = asyncio.run(check(files, arguments.metrics))
    for name, sentence in checked:
        if not sentence.true:
            print(f"FALSE  {name}  [{sentence.where}]  {sentence.text}")
    by_place = Counter(sentence.where for _, sentence in checked)
    wrong = Counter(sentence.where for _, sentence in checked if not sentence.true)
    for place, count in sorted(by_place.items()):
        print(f"{place:24} {count:5} checked, {wrong[place]} false")
    print(f"{len(checked)} sentences checked, {sum(wrong.values())} false")


if __name__ == "__main__":
    main()
