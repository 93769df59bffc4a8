"""Why an anomaly happened: which values of which dimensions moved the metric."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from msgspec.structs import replace

from domain.analysis.analysis import Analysis
from domain.analysis.build import figures_of
from domain.analysis.causes import ADDITIVE, ChangeExplanation, DimensionShares, explain
from domain.analysis.segment import segment_of
from domain.analysis.settings import AnalysisSettings
from domain.causes.explanation import Conclusion, Explanation
from domain.datasets.dataset import Dataset
from domain.detection.result import Direction
from domain.errors import AnomalyNotFoundError, InvalidInputError
from domain.ports.datasets import Datasets, Records
from domain.ports.system import WorkerPool
from domain.struct import Struct
from domain.timeseries.aggregation import Granularity, MetricProfile
from domain.timeseries.buckets import MONTHS, bucket_ends, bucket_starts
from domain.timeseries.group_sums import GroupQuestion, GroupSums, Span
from domain.timeseries.reference_spans import comparable_spans
from domain.timeseries.segment import Segment
from domain.timeseries.time_labels import precision_of, write
from domain.timeseries.timezones import EPOCH, SECOND_US, to_instants, to_local
from domain.use_cases.analyses.compute import column_of
from domain.use_cases.analyses.read import GetAnalysis, checked_ready
from domain.wording import causes as wording
from domain.wording.formatting import NOUNS, Figures

MOST_COLUMNS: Final = 8  # dimensions that are searched together: 92 sets of up to three of them
MOST_GROUPS: Final = 80_000  # one dimension fits: its 10,001 values at most, in seven spans of time
BARE_DATE: Final = len("2024-01-03")


class AskedStretch(Struct, frozen=True):
    """What is to be explained: an anomaly by its identifier, or a stretch of time.

    Attributes:
        anomaly: identifier in the analysis.
        start: first time, as the analysis writes it; None with ``anomaly``.
        end: last time, inclusive; the first one if None.
        per: another metric to divide by: revenue per order.
    """

    anomaly: str | None = None
    start: str | None = None
    end: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainChange:
    """From the rows of a stretch, and of the times it is compared with, to the values that explain it."""

    records: Records
    worker_pool: WorkerPool

    async def __call__(self, dataset: Dataset, analysis: Analysis, stretch: AskedStretch) -> ChangeExplanation:
        """Explain a stretch of an analysed series.

        Raises:
            AnomalyNotFoundError: the analysis has no such anomaly.
            InvalidInputError: neither an anomaly nor a time is given, or a time is none.
            MetricNotFoundError: ``per`` is no metric.
        """
        start, end, direction = _stretch_of(analysis, stretch)
        settings = analysis.settings
        profile = await self.records.profile(dataset, analysis.metric)
        step = max(profile.median_step_us, SECOND_US)
        span = _span(start, end, settings.granularity, settings.time_zone, step)
        known = tuple(
            _span(anomaly.start, anomaly.end, settings.granularity, settings.time_zone, step)
            for anomaly in analysis.anomalies
        )
        references = comparable_spans(span, settings.granularity, settings.time_zone, _covered(profile, step), known)
        column = column_of(dataset, analysis.metric)
        figures = Figures() if stretch.per else figures_of(column, analysis.summary)
        blank = _answer(analysis, stretch, span, references)
        if stretch.per is not None:
            column_of(dataset, stretch.per)
        if not dataset.dimensions:
            return replace(blank, text=wording.NO_DIMENSION)
        if settings.aggregate not in ADDITIVE and stretch.per is None:
            return replace(blank, text=wording.NO_SUM)
        if not references:
            return replace(blank, text=wording.NO_REFERENCE)
        metrics = (analysis.metric,) if stretch.per is None else (analysis.metric, stretch.per)
        segment = segment_of(dataset, settings.where)
        columns, groups = await self._groups(dataset, metrics, (span, *references), segment)
        explanation, shares = await self.worker_pool.run(lambda: explain(groups, len(references), settings.aggregate))
        noun = NOUNS[settings.granularity] if settings.granularity in MONTHS else NOUNS[Granularity.WEEK]
        return _answered(replace(blank, dimensions=columns), explanation, shares, direction, figures, noun)

    async def _groups(
        self, dataset: Dataset, metrics: tuple[str, ...], spans: tuple[Span, ...], segment: Segment
    ) -> tuple[tuple[str, ...], GroupSums]:
        """Ask for the sums by all dimensions, or without the widest ones where there are too many combinations."""
        dimensions = dataset.dimensions[:MOST_COLUMNS]
        while True:
            columns = tuple(dimension.name for dimension in dimensions)
            question = GroupQuestion(
                dataset_id=dataset.id,
                version=dataset.version,
                metrics=metrics,
                columns=columns,
                spans=spans,
                most_groups=MOST_GROUPS,
                segment=segment,
            )
            groups = await self.records.group_sums(question)
            if not groups.is_cut or len(dimensions) == 1:
                return columns, groups
            widest = max(dimensions, key=lambda dimension: dimension.distinct)
            dimensions = tuple(dimension for dimension in dimensions if dimension is not widest)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCauses:
    """Explain an anomaly, or any stretch, of a stored dataset."""

    datasets: Datasets
    get: GetAnalysis
    explain: ExplainChange

    async def __call__(
        self,
        user_id: str,
        dataset_id: str,
        metric: str | None,
        settings: AnalysisSettings,
        version: int | None,
        stretch: AskedStretch,
    ) -> ChangeExplanation:
        """Arguments and errors are those of ``ServeAnalysis`` and ``ExplainChange``."""
        newest = await self.datasets.get(user_id, dataset_id)
        dataset = newest if version is None else await self.datasets.get_version(user_id, dataset_id, version)
        checked_ready(dataset)
        analysis = await self.get(user_id, dataset_id, metric, settings, dataset.version)
        return await self.explain(dataset, analysis, stretch)


def _stretch_of(analysis: Analysis, stretch: AskedStretch) -> tuple[str, str, Direction | None]:
    """Return the first and the last time that are meant, and which way the anomaly goes."""
    if stretch.anomaly is not None:
        for anomaly in analysis.anomalies:
            if anomaly.id == stretch.anomaly:
                return anomaly.start, anomaly.end, anomaly.direction
        raise AnomalyNotFoundError("The analysis has no such anomaly at these settings.", anomaly=stretch.anomaly)
    if stretch.start is None:
        raise InvalidInputError("Say which anomaly, or from which time on (from, to).", field="anomaly")
    return stretch.start, stretch.end or stretch.start, None


def _span(start: str, end: str, granularity: Granularity, time_zone: str, step: int) -> Span:
    """Return the instants from the first point's begin to the last one's end; a bare date ends with its day."""
    at = np.array([_instant("from", start, time_zone), _instant("to", end, time_zone)], np.int64)
    if len(end) == BARE_DATE:
        at[1] = bucket_ends(at[1:], Granularity.DAY, time_zone)[0] - 1
    if granularity is Granularity.NATIVE:
        first, last = int(at[0]), int(at[1]) + (1 if len(end) == BARE_DATE else step)
    else:
        first, last_start = bucket_starts(at, granularity, time_zone).tolist()
        last = int(bucket_ends(np.array([last_start], np.int64), granularity, time_zone)[0])
    if last <= first:
        raise InvalidInputError(f"The stretch ends ({end}) before it begins ({start}).", field="to")
    return first, last


def _instant(field: str, text: str, time_zone: str) -> int:
    try:
        at = datetime.fromisoformat(text)
        naive = at.tzinfo is None
        microseconds = int(np.datetime64(at.replace(tzinfo=None), "us").astype(np.int64))
        if not naive:
            microseconds = round((at - EPOCH).total_seconds() * SECOND_US)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{text!r} is no time. Write it as 2024-01-03 or 2024-01-03T05:00:00.", field=field
        ) from error
    return int(to_instants(np.array([microseconds], np.int64), time_zone)[0]) if naive else microseconds


def _covered(profile: MetricProfile, step: int) -> Span:
    return profile.first_us, profile.last_us + step


def _answer(analysis: Analysis, stretch: AskedStretch, span: Span, references: tuple[Span, ...]) -> ChangeExplanation:
    """The answer without what is to be found out."""
    zone = analysis.settings.time_zone
    instants = np.array([*span, *(start for start, _ in references)], np.int64)
    local = to_local(instants, zone)
    wall = local.astype("datetime64[us]")
    precision = precision_of(wall, analysis.settings.granularity)
    start, end, *compared = write(wall, (local - instants) // SECOND_US, precision, zone)
    return ChangeExplanation(
        metric=analysis.metric,
        per=stretch.per,
        aggregate=analysis.settings.aggregate,
        start=start,
        end=end,
        compared_with=tuple(compared),
        dimensions=(),
        conclusion=Conclusion.UNCLEAR,
        actual=0.0,
        expected=0.0,
        common=1.0,
        causes=(),
        shares=(),
        text="",
    )


def _answered(
    blank: ChangeExplanation,
    explanation: Explanation,
    shares: tuple[DimensionShares, ...],
    direction: Direction | None,
    figures: Figures,
    noun: str,
) -> ChangeExplanation:
    """The answer with what was found, unless that goes the other way than the anomaly."""
    rose = explanation.actual > explanation.expected
    contrary = direction is not None and rose != (direction is Direction.UP)
    if contrary:
        explanation = replace(explanation, conclusion=Conclusion.UNCLEAR, causes=())
    text = wording.contrary(direction is Direction.UP, len(blank.compared_with), noun) if contrary else ""
    return replace(
        blank,
        conclusion=explanation.conclusion,
        actual=explanation.actual,
        expected=explanation.expected,
        common=explanation.common if np.isfinite(explanation.common) else 0.0,
        causes=explanation.causes,
        shares=shares,
        text=text or wording.why(explanation, len(blank.compared_with), noun, figures),
    )
