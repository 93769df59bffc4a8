"""The settings of an analysis, as chosen and as applied."""

from typing import Annotated

from msgspec import Meta

from domain.analysis.named_days import AUTO, MOST_EVENTS, NamedEvent, country_of, event_of
from domain.analysis.segment import MOST_CONDITIONS, condition_of
from domain.detection.settings import DetectionSettings
from domain.struct import AsText
from domain.timeseries.aggregation import Aggregate, Granularity


class AnalysisSettings(DetectionSettings, frozen=True, kw_only=True):
    """What the user may choose; the digest of it is the cache's field.

    Query, request bodies, the command line and the client take these fields by themselves
    (``entrypoints/parameters.py``).
    """

    granularity: Annotated[Granularity, Meta(description="Calendar unit of the points.")] = Granularity.AUTO
    aggregate: Annotated[Aggregate, Meta(description="What becomes of several values in one unit.")] = Aggregate.AUTO
    country: Annotated[
        str | None,
        Meta(description="Whose public holidays count: two letters, auto (by the time zone) or none."),
        AsText(example="DE", read=country_of),
    ] = AUTO
    where: Annotated[
        tuple[str, ...],
        Meta(
            description="Only rows with this value of a dimension, as column:value. Several of one column are "
            "alternatives, of several columns all must hold."
        ),
        AsText(example="region:North", read=condition_of, once="where", most=MOST_CONDITIONS),
    ] = ()
    events: Annotated[
        tuple[NamedEvent, ...],
        Meta(
            description="Own events, each a date and a name, with semicolons between.",
        ),
        AsText(example="2024-11-29 Sale", read=event_of, once="event", between=";", most=MOST_EVENTS),
    ] = ()


class ResolvedSettings(AnalysisSettings, frozen=True, kw_only=True):
    """The settings as they were applied, with the reason for what ``auto`` became; no country: no holidays count.

    ``offered_granularities`` are those that suit the data: none finer than its own step, none with a single point.
    """

    time_zone: str
    granularity_reason: str
    aggregate_reason: str
    country_reason: str = ""
    requested_country: str | None = AUTO
    requested_granularity: Granularity
    requested_aggregate: Aggregate
    offered_granularities: tuple[Granularity, ...] = ()
