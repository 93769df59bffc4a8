"""A verdict or a new name that comes while an analysis is being made is in what everybody sees afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset
from domain.feedback.verdict import VerdictKind
from entrypoints.bootstrap.application import Application
from tests.support.builders import ANN
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.workshop import sales_csv

Change = Callable[[Application, Dataset], Awaitable[object]]


async def confirm(app: Application, dataset: Dataset) -> None:
    await app.use_cases.give_verdict(ANN, dataset.id, "revenue", "2024-01-03", VerdictKind.CONFIRMED, "a strike")


async def rename(app: Application, dataset: Dataset) -> None:
    await app.use_cases.rename_dataset(ANN, dataset.id, "New name")


def seen(analysis: dict[str, Any]) -> dict[str, Any]:
    verdicts = {one["date"]: one["verdict"] for one in analysis["anomalies"]}
    return {"confirm": verdicts.get("2024-01-03"), "rename": analysis["datasetName"]}


def once_before(
    patch: pytest.MonkeyPatch, port: object, method: str, change: Callable[[], Awaitable[object]]
) -> list[str]:
    """Let the change happen just before the method's next call, in a task of its own as another request would be."""
    original = getattr(type(port), method)
    happened: list[str] = []

    async def changed_first(self: object, *arguments: Any) -> Any:
        if not happened:
            happened.append(method)
            await change()
        return await original(self, *arguments)

    patch.setattr(type(port), method, changed_first)
    return happened


@pytest.mark.parametrize("moment", [("analyses", "save"), ("cache", "put")])
@pytest.mark.parametrize(("change", "expected"), [(confirm, "confirmed"), (rename, "New name")])
@pytest.mark.parametrize("by", ["run", "get", "zoom", "worker"])
async def test_change_during_an_analysis_is_not_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: tuple[str, str],
    change: Change,
    expected: str,
    by: str,
) -> None:
    defaults = AnalysisSettings()
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        await app.ports.analyses.delete(dataset.id)
        await app.ports.blobs.delete(f"users/{ANN}/datasets/{dataset.id}/v1/points/")
        await app.ports.cache.invalidate(dataset.id, 1)
        port = getattr(app.ports, moment[0])
        happened = once_before(monkeypatch, port, moment[1], lambda: elsewhere(change(app, dataset)))
        if by == "run":
            await app.use_cases.run_analysis(ANN, dataset.id, "revenue", defaults)
        elif by == "get":
            await app.use_cases.serve_analysis(ANN, dataset.id, "revenue", defaults)
        elif by == "zoom":
            await app.use_cases.get_series(ANN, dataset.id, "revenue", defaults, None, None, None, 100)
        else:
            await app.use_cases.reprocess_dataset(ANN, dataset.id)
            await settled(app, dataset)
        assert happened
        for metric in ("revenue", None):
            analysis, _ = await analysis_of(app, dataset, metric)
            assert seen(analysis)[change.__name__] == expected


async def elsewhere(change: Awaitable[object]) -> None:
    """In another task: what one task computes and what another changes must not be taken for one."""

    async def run() -> None:
        await change

    await asyncio.create_task(run())
