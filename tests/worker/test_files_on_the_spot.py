"""A file analysed without an account or a server, as ``driftline analyze`` does."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from domain.errors import ColumnNotFoundError
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import Settings

DAYS = [f"2024-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29)]


def shops(path: Path) -> Path:
    """Two shops that sell alike, until one of them stops for a day."""
    rows = [
        f"{day},{shop},{0 if shop == 'Ulm' and day == '2024-03-20' else 100 + number % 7},"
        for number, day in enumerate(DAYS)
        for shop in ("Ulm", "Bonn")
    ]
    path.write_text("\n".join(["date,shop,revenue,note", *rows]))
    return path


async def test_a_file_is_read_analysed_and_explained_with_progress(tmp_path: Path) -> None:
    path = shops(tmp_path / "shops.csv")
    progress: list[float] = []
    async with local(Settings(data_dir=tmp_path)) as file:
        dataset = await file.read(path, path.stat().st_size, ParseOptions(), lambda share, _: progress.append(share))
        analyses = [
            one async for one in file.analyses(dataset, AnalysisSettings(), lambda share, _: progress.append(share))
        ]
        causes = await file.causes(dataset, analyses[0])
    assert (dataset.dataset_name, dataset.row_count, [one.name for one in dataset.dimensions]) == (
        "shops.csv",
        168,
        ["shop"],
    )
    assert [one.metric for one in analyses] == ["revenue"]
    assert [anomaly.start for anomaly in analyses[0].anomalies] == ["2024-03-20"]
    assert "Ulm" in causes[analyses[0].anomalies[0].id].text
    assert progress


async def test_a_file_without_a_dimension_has_no_causes_and_one_without_a_metric_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("date,revenue\n" + "".join(f"{day},{100 + n % 7}\n" for n, day in enumerate(DAYS)))
    async with local(Settings(data_dir=tmp_path)) as file:
        dataset = await file.read(path, path.stat().st_size, ParseOptions(), lambda *_: None)
        (analysis,) = [one async for one in file.analyses(dataset, AnalysisSettings(), lambda *_: None)]
        assert await file.causes(dataset, analysis) == {}
        with pytest.raises(ColumnNotFoundError):
            [
                one
                async for one in file.analyses(replace(dataset, metric_columns=()), AnalysisSettings(), lambda *_: None)
            ]
