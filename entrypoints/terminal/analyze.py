"""``driftline analyze FILE``: no account, nothing kept."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from domain.analysis import Analysis, AnalysisSettings
from domain.dataset import Dataset, Roles
from domain.errors import InvalidInputError
from domain.use_cases.files import Tell
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import Settings
from entrypoints.terminal.analysis import show_analysis, show_dataset


async def analyze(path: Path, roles: Roles, asked: AnalysisSettings, settings: Settings, *, as_json: bool) -> None:
    """Analyse a file and print what was found: for people, or as one JSON document on standard output.

    Raises:
        InvalidInputError: there is no such file.
        UnusableFileError and its kin: what was found, where, what to do.
    """
    size_bytes = _size(path)
    async with local(settings) as file:
        with _progress() as tell:
            dataset = await file.read(path, size_bytes, roles, tell)
            analyses = [analysis async for analysis in file.analyses(dataset, asked, tell)]
    if as_json:
        sys.stdout.write(_document(dataset, analyses) + "\n")
        return
    console = Console()
    show_dataset(console, dataset)
    for analysis in analyses:
        show_analysis(console, analysis)


def _size(path: Path) -> int:
    if not path.is_file():
        raise InvalidInputError(f"There is no file {str(path)!r}. Check the path.", field="file")
    return path.stat().st_size


def _document(dataset: Dataset, analyses: list[Analysis]) -> str:
    shown = {
        "file": dataset.file_name,
        "timeColumn": dataset.time_column,
        "timeZone": dataset.time_zone,
        "metricColumns": dataset.metric_columns,
        "quality": dataset.quality,
        "analyses": analyses,
    }
    return json.dumps(msgspec.to_builtins(shown), indent=2, ensure_ascii=False, allow_nan=False)


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar on standard error while the work lasts; nothing where that is no terminal."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("Reading", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)
