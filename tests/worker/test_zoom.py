"""Denser points for a stretch of the chart."""

from pathlib import Path

import pytest

from domain.analysis.settings import AnalysisSettings
from domain.errors import InvalidInputError
from tests.support.builders import ANN
from tests.support.running import running, settled, uploaded
from tests.support.workshop import sales_csv

DEFAULTS = AnalysisSettings()


async def test_a_zoom_shows_every_point_of_a_short_stretch(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        view = await app.use_cases.get_series(
            ANN, dataset.id, "revenue", DEFAULTS, None, "2024-01-02", "2024-01-04", 100
        )
    assert view.value[1:-1] == (25500, 89000, 23800)  # and a neighbour on either side, for the line to reach the edge


async def test_a_stretch_that_ends_before_it_begins_is_refused_even_beyond_the_data(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        for start, end in (("2031-01-02", "2031-01-01"), ("2024-01-27", "2024-01-03")):
            with pytest.raises(InvalidInputError, match="before it begins"):
                await app.use_cases.get_series(ANN, dataset.id, "revenue", DEFAULTS, None, start, end, 100)
        day = await app.use_cases.get_series(
            ANN, dataset.id, "revenue", DEFAULTS, None, "2024-01-03T05:00", "2024-01-03", 100
        )
    assert day.total_points > 0


async def test_the_figures_of_a_stretch_are_those_of_its_own_points(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        view = await app.use_cases.get_series(
            ANN, dataset.id, "revenue", DEFAULTS, None, "2024-01-02", "2024-01-04", 100
        )
        whole = await app.use_cases.get_series(ANN, dataset.id, "revenue", DEFAULTS, None, None, None, 100)
    assert view.range_summary is not None
    assert (view.range_summary.count, view.range_summary.total) == (3, 25500 + 89000 + 23800)
    assert (view.range_summary.min, view.range_summary.median, view.range_summary.max) == (23800, 25500, 89000)
    assert whole.range_summary is None  # the analysis has them


async def test_an_export_has_every_point_of_a_stretch_and_no_neighbour(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await settled(app, await uploaded(app, sales_csv()))
        parts = await app.use_cases.export_series(
            ANN, dataset.id, "revenue", DEFAULTS, None, "2024-01-02", "2024-01-04"
        )
        assert [part.value for part in parts] == [(25500, 89000, 23800)]
