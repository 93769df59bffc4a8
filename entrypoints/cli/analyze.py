"""``driftline analyze FILE``: no account, nothing kept."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from domain.analysis.analysis import Analysis
from domain.analysis.causes import ChangeExplanation
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.datasets.parse_options import ParseOptions
from domain.errors import InvalidInputError
from domain.reports.report import ReportFormat
from domain.use_cases.analyses.analyse_file import Tell
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.report_renderers import renderers
from entrypoints.bootstrap.settings import Settings
from entrypoints.cli.analysis import show_analysis, show_causes, show_dataset

PLAIN: Final = re.compile(r"\w+")


async def analyze(
    path: Path,
    parse_options: ParseOptions,
    analysis_settings: AnalysisSettings,
    settings: Settings,
    *,
    as_json: bool,
    report: Path | None = None,
) -> None:
    """Analyse a file and print what was found: for people, or as one JSON document on standard output.

    With ``report`` each metric is also written as a document; its form follows the name's ending.

    Raises:
        InvalidInputError: there is no such file.
        UnusableFileError and its subclasses: what was found, where, what to do.
    """
    size_bytes = _size(path)
    form = _form(report) if report else None
    if report:
        _check_folder(report.parent)
    async with local(settings) as file:
        with _progress() as tell:
            dataset = await file.read(path, size_bytes, parse_options, tell)
            analyses = [analysis async for analysis in file.analyses(dataset, analysis_settings, tell)]
            causes = [await file.causes(dataset, analysis) for analysis in analyses]
    written: list[Path] = []
    if report and form:
        written = _write(report, form, msgspec.structs.replace(dataset, sha256=_sha256(path)), analyses)
    console = Console(stderr=as_json)  # standard output is the document's alone
    if as_json:
        sys.stdout.write(_document(dataset, analyses, causes) + "\n")
    else:
        show_dataset(console, dataset)
        for analysis, explained in zip(analyses, causes, strict=True):
            show_analysis(console, analysis)
            show_causes(console, analysis, explained)
    for name in written:
        # Neither wrapped nor read as markup: a path is there to be copied.
        console.print(f"Report written to {name}", soft_wrap=True, markup=False, highlight=False)


def _size(path: Path) -> int:
    if path.is_dir():
        raise InvalidInputError(f"{str(path)!r} is a folder. Name one file in it.", field="file")
    if not path.is_file():
        raise InvalidInputError(f"There is no file {str(path)!r}. Check the path.", field="file")
    return path.stat().st_size


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _form(report: Path) -> ReportFormat:
    try:
        return ReportFormat(report.suffix.removeprefix(".").lower())
    except ValueError as error:
        raise InvalidInputError(
            f"A report is called something.pdf, .html, .csv or .json; {report.name!r} is not.", field="report"
        ) from error


def _write(report: Path, form: ReportFormat, dataset: Dataset, analyses: list[Analysis]) -> list[Path]:
    """One file for a single metric, one with the metric's name in it for each of several."""
    renderer = renderers()[form]
    names = [report] if len(analyses) == 1 else _names(report, [analysis.metric for analysis in analyses])
    for name, analysis in zip(names, analyses, strict=True):
        try:
            name.write_bytes(renderer.render(analysis, dataset))
        except OSError as error:
            raise InvalidInputError(f"{name} cannot be written: {error.strerror}.", field="report") from error
    return names


def _check_folder(folder: Path) -> None:
    """Say before the work what would fail after it."""
    if not folder.is_dir():
        raise InvalidInputError(
            f"There is no folder {str(folder)!r} for the report. Make it, or choose another.", field="report"
        )
    if not os.access(folder, os.W_OK):
        raise InvalidInputError(f"The folder {str(folder)!r} cannot be written to. Choose another.", field="report")


def _names(report: Path, metrics: list[str]) -> list[Path]:
    """Name one file per metric, in letters that every disk takes, no two alike."""
    names: list[Path] = []
    for metric in metrics:
        words = "-".join(PLAIN.findall(metric)) or "metric"
        name, number = report.with_stem(f"{report.stem}-{words}"), 2
        while name in names:
            name, number = report.with_stem(f"{report.stem}-{words}-{number}"), number + 1
        names.append(name)
    return names


def _document(dataset: Dataset, analyses: list[Analysis], causes: list[dict[str, ChangeExplanation]]) -> str:
    shown = {
        "file": dataset.file_name,
        "timeColumn": dataset.time_column,
        "timeZone": dataset.time_zone,
        "metricColumns": dataset.metric_columns,
        "dimensions": dataset.dimensions,
        "quality": dataset.quality,
        "analyses": analyses,
        "causes": causes,
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
