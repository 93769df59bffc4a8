"""Seasons a reader knows by name: the strongest hour, weekday and month, if the series keeps to them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # scipy.stats itself is loaded at its first use: it would double the time to start

from domain.timeseries.aggregation import Floats, Ints, Times
from domain.timeseries.calendar_groups import GROUPS, WEEKEND, CalendarUnit, Grouping, groupings
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES, percent
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode

SIGNIFICANT: Final = 0.001  # chance of a claim where there is no season, for each of at most three questions
AGREEMENT: Final = 0.15  # least coefficient of concordance: below it the pattern is there, but explains little
MOSTLY: Final = 0.6  # of the cycles must show the very order that the sentence claims
FEWEST_CYCLES: Final = 3  # with two even perfect agreement proves nothing
SAYABLE: Final = 0.01  # a smaller share says less than the amount
WEIGHT: Final = 56.0
WEIGHT_OF_AGREEMENT: Final = 14.0
CYCLES: Final = {
    CalendarUnit.HOUR: ("D", "day"),
    CalendarUnit.WEEKDAY: ("W", "week"),
    CalendarUnit.MONTH: ("Y", "year"),
}
SHOWN: Final = {
    CalendarUnit.HOUR: np.timedelta64(4, "D"),
    CalendarUnit.WEEKDAY: np.timedelta64(42, "D"),
    CalendarUnit.MONTH: np.timedelta64(1_096, "D"),
}
UNIT_NAMES: Final = {CalendarUnit.HOUR: "hour", CalendarUnit.WEEKDAY: "day", CalendarUnit.MONTH: "month"}
CODES: Final = {
    CalendarUnit.HOUR: InsightCode.SEASON_HOUR,
    CalendarUnit.WEEKDAY: InsightCode.SEASON_WEEKDAY,
    CalendarUnit.MONTH: InsightCode.SEASON_MONTH,
}


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """A pattern that was found.

    Attributes:
        by: what the points are grouped by.
        groups: the groups with data.
        typical: median of the points of each group.
        agreement: Kendall's coefficient of concordance of the cycles, 0 to 1.
        kept: cycles in which the strongest group lay above the weakest.
        cycles: complete cycles.
    """

    by: CalendarUnit
    groups: Ints
    typical: Floats
    agreement: float
    agreeing: int
    cycles: int

    @property
    def strongest(self) -> int:
        """Position in ``groups``."""
        return int(np.argmax(self.typical))

    @property
    def weakest(self) -> int:
        """Position in ``groups``."""
        return int(np.argmin(self.typical))


def candidates(facts: Facts) -> list[Candidate]:
    """Write each season that the cycles agree on and the raw values show."""
    present, whole = np.isfinite(facts.usual), np.isfinite(facts.complete)
    usual = groupings(facts.wall[present])
    raw = {grouping.by: grouping for grouping in groupings(facts.wall[whole])}
    written = []
    for grouping in usual:
        season = find(grouping, facts.wall[present], facts.usual[present])
        if season is not None and grouping.by in raw:
            shown = _in_raw_values(season, raw[grouping.by], facts.wall[whole], facts.complete[whole])
            written += [] if shown is None else [_sentence(facts, shown, raw[grouping.by], facts.complete[whole])]
    return written


def _in_raw_values(season: SeasonFacts, grouping: Grouping, wall: Times, values: Floats) -> SeasonFacts | None:
    """Count again with the anomalies, as a reader of the data would; None if the pattern is lost."""
    cells = _cells(grouping, wall, values)
    if cells is None:
        return None
    groups, table = cells
    typical = np.array([np.median(values[grouping.index == group]) for group in groups])
    high, low = int(np.argmax(typical)), int(np.argmin(typical))
    agreeing, cycles = int((table[:, high] > table[:, low]).sum()), len(table)
    if agreeing < MOSTLY * cycles or typical[high] == typical[low]:
        return None
    return SeasonFacts(season.by, groups, typical, season.agreement, agreeing, cycles)


def find(grouping: Grouping, wall: Times, values: Floats) -> SeasonFacts | None:
    """Test a season with Friedman's test (1937): the groups are ranked within each cycle by itself.

    Ranks within the cycle make the test blind to trend, level changes and outliers. The effect is Kendall's
    coefficient of concordance W = chi2 / (cycles (groups - 1)) (Kendall & Babington Smith 1939).

    Returns:
        None where cycles do not agree, or there are fewer than three complete ones.
    """
    cells = _cells(grouping, wall, values)
    if cells is None:
        return None
    groups, table = cells
    cycles, width = table.shape
    ranks = scipy.stats.rankdata(table, axis=1)
    if cycles < FEWEST_CYCLES or width < 2 or bool((ranks == ranks[:, :1]).all()):  # noqa: PLR2004 - two to compare
        return None
    chi2, chance = scipy.stats.friedmanchisquare(*table.T) if width > 2 else _two(table)  # noqa: PLR2004 - scipy wants three
    agreement = float(chi2) / (cycles * (width - 1))
    if not chance < SIGNIFICANT or agreement < AGREEMENT:
        return None
    typical = np.array([np.median(values[grouping.index == group]) for group in groups])
    high, low = int(np.argmax(typical)), int(np.argmin(typical))
    agreeing = int((table[:, high] > table[:, low]).sum())
    if agreeing < MOSTLY * cycles:
        return None
    return SeasonFacts(grouping.by, groups, typical, agreement, agreeing, cycles)


def _two(table: Floats) -> tuple[float, float]:
    """Friedman's test of two groups is the sign test."""
    wins = int((table[:, 0] > table[:, 1]).sum())
    losses = int((table[:, 0] < table[:, 1]).sum())
    chance = float(scipy.stats.binomtest(wins, max(wins + losses, 1)).pvalue)
    return (wins - losses) ** 2 / max(wins + losses, 1), chance


def _cells(grouping: Grouping, wall: Times, values: Floats) -> tuple[Ints, Floats] | None:
    """Average each group within each cycle: complete cycles x groups that nearly every cycle has."""
    cycle = _cycle(wall, grouping.by)
    cycle -= cycle.min()
    width = GROUPS[grouping.by]
    place = cycle * width + grouping.index
    size = (int(cycle.max()) + 1) * width
    counts = np.bincount(place, minlength=size).reshape(-1, width)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = float(np.abs(values).max()) or 1.0  # so that no sum overflows
        sums = np.bincount(place, weights=values / scale, minlength=size).reshape(-1, width)
        means = sums / counts
    seen = counts > 0
    often = seen.sum(axis=0) >= 0.5 * seen.any(axis=1).sum()
    groups = np.flatnonzero(often)
    complete = seen[:, groups].all(axis=1)
    if len(groups) == 0 or not complete.any():
        return None
    return groups.astype(np.int64), means[complete][:, groups]


def _cycle(wall: Times, by: CalendarUnit) -> Ints:
    """Number the cycles: days, weeks from Monday, years."""
    if by is CalendarUnit.WEEKDAY:
        return np.asarray((wall.astype("datetime64[D]").astype(np.int64) + 3) // 7)
    return wall.astype(f"datetime64[{CYCLES[by][0]}]").astype(np.int64)


def _name(by: CalendarUnit, group: int) -> str:
    if by is CalendarUnit.HOUR:
        return f"{group:02d}:00"
    return (WEEKDAY_NAMES if by is CalendarUnit.WEEKDAY else MONTH_NAMES)[group]


def _sentence(facts: Facts, season: SeasonFacts, grouping: Grouping, values: Floats) -> Candidate:
    figures = facts.figures
    middle = float(np.median(values))
    high, low = season.strongest, season.weakest
    best, worst = (_name(season.by, int(season.groups[i])) for i in (high, low))
    top, bottom = float(season.typical[high]), float(season.typical[low])
    away = _away(facts, top, middle)
    unit = UNIT_NAMES[season.by]
    title = f"{best} is the highest {unit}: its median is {away} the overall median"
    title = f"{facts.subject}: {title}" if season.by is CalendarUnit.HOUR else title
    title = _weekend(facts, season, grouping, values) or title
    noun = CYCLES[season.by][1]
    often = f"in all {season.cycles:,} {noun}s" if season.agreeing == season.cycles else ""
    often = often or f"in {season.agreeing:,} of {season.cycles:,} {noun}s"
    text = f"The median is {figures.about(top)} for {best} and {figures.about(bottom)} for {worst}, the lowest {unit}. "
    text += f"{best} was higher than {worst} {often}."
    evidence = facts.evidence(
        *_shown(facts, season.by),
        strongest=best,
        strongest_typical=top,
        weakest=worst,
        weakest_typical=bottom,
        typical=middle,
        agreement=season.agreement,
        cycles=season.cycles,
        kept=season.agreeing,
    )
    weight = WEIGHT + WEIGHT_OF_AGREEMENT * season.agreement
    return candidate(weight, CODES[season.by], title, text, evidence)


def _shown(facts: Facts, by: CalendarUnit) -> tuple[int, int]:
    """Return the latest cycles, a few of which show the pattern best."""
    last = len(facts.wall) - 1
    first = int(np.searchsorted(facts.wall, facts.wall[last] - SHOWN[by]))
    return first, last


def _away(facts: Facts, level: float, middle: float) -> str:
    side = "above" if level > middle else "below"
    if facts.proportional and middle > 0 and abs(level / middle - 1) >= SAYABLE:
        return f"{percent(abs(level / middle - 1))} {side}"
    return f"{facts.figures.distance(abs(level - middle))} {side}"


def _weekend(facts: Facts, season: SeasonFacts, grouping: Grouping, values: Floats) -> str | None:
    """Name the weekend where its two days are the two highest or the two lowest."""
    if season.by is not CalendarUnit.WEEKDAY or len(season.groups) != len(WEEKDAY_NAMES):
        return None
    order = np.argsort(season.typical, kind="stable")
    weekend = np.isin(grouping.index, WEEKEND)
    free, working = float(np.median(values[weekend])), float(np.median(values[~weekend]))
    lowest, highest = (set(part.tolist()) == set(WEEKEND) for part in (order[:2], order[-2:]))
    if (lowest and free < working) or (highest and free > working):
        return f"Weekends are typically {_away(facts, free, working)} weekdays"
    return None
