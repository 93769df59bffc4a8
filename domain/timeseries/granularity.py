"""What ``auto`` becomes: which calendar unit makes the points of a series, and what becomes of a point's values."""

from typing import Final

from domain.timeseries.aggregation import Aggregate, Granularity, MetricProfile
from domain.timeseries.quantities import quantity_of
from domain.timeseries.timezones import DAY_US, SECOND_US

MAX_AUTO_POINTS: Final = 20_000  # the data's own cadence is kept up to here (docs/decisions/0011)
SAME_STEP: Final = 0.15  # a step that differs by at most this share of another is the same: 28 and 31 days
REGULAR_SHARE: Final = 0.55  # from this share of such steps on there is a cadence: a clear majority
OCCUPIED_SHARE: Final = 0.9  # of a series of events; below it, most of what is drawn would be holes
FEWEST_POINTS: Final = 20  # below n = 20 a median is all that can be fitted

UNITS: Final = (
    Granularity.MINUTE,
    Granularity.HOUR,
    Granularity.DAY,
    Granularity.WEEK,
    Granularity.MONTH,
    Granularity.QUARTER,
    Granularity.YEAR,
)
UNIT_US: Final = {
    Granularity.MINUTE: 60 * SECOND_US,
    Granularity.HOUR: 3_600 * SECOND_US,
    Granularity.DAY: DAY_US,
    Granularity.WEEK: 7 * DAY_US,
    Granularity.MONTH: 30.436875 * DAY_US,  # the Gregorian mean: 146,097 days in 4,800 months
    Granularity.QUARTER: 91.310625 * DAY_US,
    Granularity.YEAR: 365.2425 * DAY_US,
}
PLURAL: Final = {unit: f"{unit}s" for unit in UNITS}


def resolve_granularity(profile: MetricProfile, requested: Granularity) -> tuple[Granularity, str]:
    """Choose how records are grouped.

    Args:
        profile: what the metric's times look like.
        requested: the user's choice; anything but ``auto`` stands.

    Returns:
        The granularity (never ``auto``) and the reason in one sentence.
    """
    if requested is not Granularity.AUTO:
        return requested, "You chose it."
    points = profile.distinct_times
    if points < 2:  # noqa: PLR2004 - a step needs two times
        return Granularity.NATIVE, "All values share one time."
    if profile.regular_share >= REGULAR_SHARE:
        return _regular(profile, points)
    # Of an even number of steps the median may lie between two: 1 and 6 days of a market on two days of the week.
    if 2 * profile.median_step_us % DAY_US == 0 and profile.occupied[Granularity.DAY] == points:
        if points <= MAX_AUTO_POINTS:
            return Granularity.DAY, f"Times are dates without a fixed step: each of {points:,} days is a point."
        return _coarser(profile, Granularity.DAY)
    return _events(profile, points)


def offered_granularities(profile: MetricProfile) -> tuple[Granularity, ...]:
    """Return the granularities that suit the data: as recorded, and calendar units from its own step on.

    Finer units would be full of empty buckets; one that holds all of the data in a single point shows nothing.
    """
    step = profile.median_step_us * (1 - SAME_STEP)
    units = (unit for unit in UNITS if UNIT_US[unit] >= step and profile.occupied.get(unit, 0) > 1)
    return (Granularity.NATIVE, *units)


def _regular(profile: MetricProfile, points: int) -> tuple[Granularity, str]:
    step = profile.median_step_us
    own = next((unit for unit in UNITS if abs(step - UNIT_US[unit]) <= SAME_STEP * UNIT_US[unit]), None)
    if points <= MAX_AUTO_POINTS:
        if own is not None:
            return own, f"The data's own step is one {own} ({points:,} points)."
        return Granularity.NATIVE, f"The data's own step is {_duration(step)} ({points:,} points)."
    return _coarser(profile, own)


def _coarser(profile: MetricProfile, own: Granularity | None) -> tuple[Granularity, str]:
    step = profile.median_step_us
    wider = [unit for unit in UNITS if UNIT_US[unit] > step * (1 + SAME_STEP) and unit is not own]
    unit = next((u for u in wider if profile.occupied[u] <= MAX_AUTO_POINTS), Granularity.YEAR)
    return unit, (
        f"One point per {_duration(step).removeprefix('1 ')} would make {profile.distinct_times:,} points, more than "
        f"{MAX_AUTO_POINTS:,}: grouped by {unit} ({profile.occupied[unit]:,} points)."
    )


def _events(profile: MetricProfile, points: int) -> tuple[Granularity, str]:
    span = max(profile.last_us - profile.first_us, 1)
    shares = {unit: min(1.0, profile.occupied[unit] / (span / UNIT_US[unit] + 1)) for unit in UNITS}
    dense = [unit for unit in UNITS if shares[unit] >= OCCUPIED_SHARE and profile.occupied[unit] <= MAX_AUTO_POINTS]
    unit = dense[0] if dense else None
    if unit is None or (profile.occupied[unit] < FEWEST_POINTS and profile.occupied[unit] < points):
        if points <= MAX_AUTO_POINTS:
            return Granularity.NATIVE, (
                f"Times have no fixed step and leave most calendar units empty: each of {points:,} times is a point."
            )
        unit = unit or next((u for u in UNITS if profile.occupied[u] <= MAX_AUTO_POINTS), Granularity.YEAR)
    return unit, (
        f"Times have no fixed step; {unit} is the finest unit with {shares[unit]:.0%} of its "
        f"{PLURAL[unit]} filled ({profile.occupied[unit]:,} points)."
    )


def resolve_aggregate(
    metric_name: str,
    profile: MetricProfile,
    requested: Aggregate,
    granularity: Granularity,
    unit: str | None = None,
) -> tuple[Aggregate, str]:
    """Choose what becomes of the values of one point.

    Args:
        metric_name: the column's name; its words tell amounts from levels.
        profile: what its values look like.
        requested: the user's choice; anything but ``auto`` stands.
        granularity: how records are grouped (resolved).
        unit: the sign that the column's numbers carry, if one does.

    Returns:
        The aggregate (never ``auto``) and the reason in one sentence.
    """
    if requested is not Aggregate.AUTO:
        return requested, "You chose it."
    points = profile.distinct_times if granularity is Granularity.NATIVE else profile.occupied[granularity]
    chosen, why = quantity_of(metric_name, unit, profile)
    if points >= profile.rows:
        return chosen, "One record per point: sum and mean are the same."
    return chosen, f"{why} {profile.rows:,} records make {points:,} points."


def rolling_window_for(granularity: Granularity, points: int) -> int:
    """Return the points in the trailing window of the drawn rolling mean: a natural cycle, at most a third.

    Args:
        granularity: resolved.
        points: length of the series.
    """
    cycle = {
        Granularity.MINUTE: 60,  # an hour
        Granularity.HOUR: 24,
        Granularity.DAY: 7,
        Granularity.WEEK: 4,
        Granularity.MONTH: 12,
        Granularity.QUARTER: 4,
        Granularity.YEAR: 5,
    }.get(granularity, 12)
    return max(2, min(cycle, points // 3))


def _duration(micros: float) -> str:
    for name, size in (("day", DAY_US), ("hour", 3_600 * SECOND_US), ("minute", 60 * SECOND_US), ("second", SECOND_US)):
        if micros >= size:
            count = micros / size
            return f"{count:.4g} {name}{'' if count == 1 else 's'}"
    return f"{micros / 1_000:g} ms"
