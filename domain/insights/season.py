"""Seasons a reader knows by name: the strongest hour, weekday and month, if the series keeps to them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # scipy.stats itself is loaded at its first use: it would double the time to start

from domain.distribution import Grouping, groupings
from domain.insights.facts import Candidate, Facts, InsightCode, candidate
from domain.summary import Floats, Ints, Times
from domain.wording import MONTH_NAMES, WEEKDAY_NAMES, percent, plural_of

SIGNIFICANT: Final = 0.001  # chance of a claim where there is no season, for each of at most three questions
AGREEMENT: Final = 0.15  # least coefficient of concordance: below it the pattern is there, but explains little
MOSTLY: Final = 0.6  # of the cycles must show the very order that the sentence claims
FEWEST_CYCLES: Final = 3  # with two even perfect agreement proves nothing
SAYABLE: Final = 0.01  # a smaller share says less than the amount
WEIGHT: Final = 56.0
WEIGHT_OF_AGREEMENT: Final = 14.0
WEEKEND: Final = (5, 6)
CYCLES: Final = {"hour": ("D", "day"), "weekday": ("W", "week"), "month": ("Y", "year")}
SHOWN: Final = {"hour": np.timedelta64(4, "D"), "weekday": np.timedelta64(42, "D"), "month": np.timedelta64(1_096, "D")}
CODES: Final = {
    "hour": InsightCode.SEASON_HOUR,
    "weekday": InsightCode.SEASON_WEEKDAY,
    "month": InsightCode.SEASON_MONTH,
}


@dataclass(frozen=True, slots=True)
class Season:
    """A pattern that was found.

    Attributes:
        by: "hour", "weekday" or "month".
        groups: the groups with data.
        typical: median of the points of each group.
        agreement: Kendall's coefficient of concordance of the cycles, 0 to 1.
        kept: cycles in which the strongest group lay above the weakest.
        cycles: complete cycles.
    """

    by: str
    groups: Ints
    typical: Floats
    agreement: float
    kept: int
    cycles: int

    @property
    def strongest(self) -> int:
        """Position in ``groups``."""
        return int(np.argmax(self.typical))

    @property
    def weakest(self) -> int:
        """Position in ``groups``."""
        return int(np.argmin(self.typical))


def tell(facts: Facts) -> list[Candidate]:
    """Tell each season that the cycles agree on."""
    present = np.isfinite(facts.usual)
    wall, values = facts.wall[present], facts.usual[present]
    found = (find(grouping, wall, values) for grouping in groupings(wall))
    return [_sentence(facts, season, values) for season in found if season is not None]


def find(grouping: Grouping, wall: Times, values: Floats) -> Season | None:
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
    kept = int((table[:, high] > table[:, low]).sum())
    if kept < MOSTLY * cycles:
        return None
    return Season(grouping.by, groups, typical, agreement, kept, cycles)


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
    width = len(grouping.labels)
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


def _cycle(wall: Times, by: str) -> Ints:
    """Number the cycles: days, weeks from Monday, years."""
    if by == "weekday":
        return np.asarray((wall.astype("datetime64[D]").astype(np.int64) + 3) // 7)
    return wall.astype(f"datetime64[{CYCLES[by][0]}]").astype(np.int64)


def _name(by: str, group: int) -> str:
    if by == "hour":
        return f"{group:02d}:00"
    return (WEEKDAY_NAMES if by == "weekday" else MONTH_NAMES)[group]


def _sentence(facts: Facts, season: Season, values: npt.NDArray[np.float64]) -> Candidate:
    figures = facts.figures
    middle = float(np.median(values))
    high, low = season.strongest, season.weakest
    best, worst = (_name(season.by, int(season.groups[i])) for i in (high, low))
    top, bottom = float(season.typical[high]), float(season.typical[low])
    away = _away(facts, top, middle, above=True)
    weekend = _weekend(facts, season)
    if season.by == "hour":
        title = f"{facts.subject} peaked around {best}, {away} the typical level"
        text = f"The typical value at {best} was {figures.about(top)}, at {worst}, the weakest hour, "
    elif season.by == "weekday":
        title = weekend or f"{plural_of(best)} were the strongest day, {away} the typical level"
        text = f"The typical {best} saw {figures.about(top)}, the typical {worst}, the weakest day, "
    else:
        title = f"{best} was the strongest month, {away} the typical level"
        text = f"The typical level in {best} was {figures.about(top)}, in {worst}, the weakest month, "
    if weekend is not None:
        text = f"The typical {best}, the strongest day, saw {figures.about(top)}, the typical {worst}, the weakest, "
    noun = CYCLES[season.by][1]
    text += f"{figures.about(bottom)}. {best} lay above {worst} in {season.kept:,} of {season.cycles:,} {noun}s."
    evidence = facts.evidence(
        *_shown(facts, season.by),
        strongest=best,
        strongest_typical=top,
        weakest=worst,
        weakest_typical=bottom,
        typical=middle,
        agreement=season.agreement,
        cycles=season.cycles,
        kept=season.kept,
    )
    weight = WEIGHT + WEIGHT_OF_AGREEMENT * season.agreement
    return candidate(weight, CODES[season.by], title, text, evidence)


def _shown(facts: Facts, by: str) -> tuple[int, int]:
    """Return the latest cycles, a few of which show the pattern best."""
    last = len(facts.wall) - 1
    first = int(np.searchsorted(facts.wall, facts.wall[last] - SHOWN[by]))
    return first, last


def _away(facts: Facts, level: float, middle: float, *, above: bool) -> str:
    side = "above" if above else "below"
    if facts.proportional and middle > 0 and abs(level / middle - 1) >= SAYABLE:
        return f"{percent(abs(level / middle - 1))} {side}"
    return f"{facts.figures.distance(abs(level - middle))} {side}"


def _weekend(facts: Facts, season: Season) -> str | None:
    """Speak of the weekend where its two days are the two strongest or the two weakest."""
    if season.by != "weekday" or len(season.groups) != len(WEEKDAY_NAMES):
        return None
    order = np.argsort(season.typical, kind="stable")
    weekend = float(season.typical[list(WEEKEND)].mean())
    week = float(season.typical[:5].mean())
    if set(order[:2].tolist()) == set(WEEKEND):
        return f"Weekends ran {_away(facts, weekend, week, above=False)} weekdays"
    if set(order[-2:].tolist()) == set(WEEKEND):
        return f"Weekends ran {_away(facts, weekend, week, above=True)} weekdays"
    return None
