"""Two analyses of one metric side by side: which figures moved, which anomalies went, came or changed."""

from domain.analysis.analysis import Analysis, Anomaly
from domain.struct import Struct

FIGURES = ("rows", "count", "missing", "mean", "median", "std_dev", "min", "max", "q1", "q3")


class FigureChange(Struct, frozen=True):
    """One figure of the summary, before and after; ``change_pct`` is null where it has no meaning."""

    name: str
    before: float | None
    after: float | None
    change: float | None
    change_pct: float | None


class AnomalyChange(Struct, frozen=True):
    """An anomaly that both versions have, judged differently."""

    before: Anomaly
    after: Anomaly


class Comparison(Struct, frozen=True):
    """What changed from one version to another. ``same`` counts the anomalies that both have, unchanged."""

    metric: str
    before_version: int
    after_version: int
    figures: tuple[FigureChange, ...]
    gone: tuple[Anomaly, ...]
    new: tuple[Anomaly, ...]
    changed: tuple[AnomalyChange, ...]
    same: int


def compare(before: Analysis, after: Analysis) -> Comparison:
    """Compare two analyses of one metric. Anomalies are the same if their stretches of time overlap."""
    gone: list[Anomaly] = []
    changed: list[AnomalyChange] = []
    same = 0
    matched: set[str] = set()
    for old in before.anomalies:
        twin = next((new for new in after.anomalies if new.id not in matched and _overlap(old, new)), None)
        if twin is None:
            gone.append(old)
            continue
        matched.add(twin.id)
        if _alike(old, twin):
            same += 1
        else:
            changed.append(AnomalyChange(before=old, after=twin))
    return Comparison(
        metric=after.metric,
        before_version=before.version,
        after_version=after.version,
        figures=tuple(_figure(name, before, after) for name in FIGURES),
        gone=tuple(gone),
        new=tuple(one for one in after.anomalies if one.id not in matched),
        changed=tuple(changed),
        same=same,
    )


def _overlap(one: Anomaly, other: Anomaly) -> bool:
    """Labels of one zone and unit sort as their times do."""
    return one.direction == other.direction and one.start <= other.end and other.start <= one.end


def _alike(one: Anomaly, other: Anomaly) -> bool:
    return (one.date, one.value, one.severity) == (other.date, other.value, other.severity)


def _figure(name: str, before: Analysis, after: Analysis) -> FigureChange:
    old, new = (getattr(analysis.summary, name) for analysis in (before, after))
    change = None if old is None or new is None else new - old
    return FigureChange(
        name=name,
        before=old,
        after=new,
        change=change,
        change_pct=None if change is None or not old else 100.0 * change / abs(old),
    )
