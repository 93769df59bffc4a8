"""Two versions side by side."""

import msgspec

from domain.analysis.analysis import Analysis, Anomaly
from domain.analysis.comparison import compare
from domain.detection.result import Direction, Severity
from tests.support.builders import an_analysis


def an_anomaly(date: str, **changes: object) -> Anomaly:
    template = an_analysis().anomalies[0]
    given = {"id": date, "date": date, "start": date, "end": date, "direction": Direction.UP} | changes
    return msgspec.structs.replace(template, **given)


def version(number: int, *anomalies: Anomaly, **summary: object) -> Analysis:
    analysis = an_analysis(version=number, anomalies=anomalies)
    return msgspec.structs.replace(analysis, summary=msgspec.structs.replace(analysis.summary, **summary))


def test_figures_stand_side_by_side_with_their_change() -> None:
    found = compare(version(1, mean=200.0, rows=10), version(2, mean=250.0, rows=12))
    figures = {figure.name: figure for figure in found.figures}
    assert (figures["mean"].before, figures["mean"].after, figures["mean"].change) == (200.0, 250.0, 50.0)
    assert figures["mean"].change_pct == 25.0
    assert figures["rows"].change == 2
    assert (found.before_version, found.after_version) == (1, 2)


def test_a_figure_that_one_version_lacks_has_no_change() -> None:
    figures = {figure.name: figure for figure in compare(version(1, std_dev=None), version(2, std_dev=3.0)).figures}
    assert (figures["std_dev"].change, figures["std_dev"].change_pct) == (None, None)


def test_a_change_from_zero_has_no_percentage() -> None:
    figures = {figure.name: figure for figure in compare(version(1, min=0.0), version(2, min=5.0)).figures}
    assert (figures["min"].change, figures["min"].change_pct) == (5.0, None)


def test_anomalies_go_come_change_or_stay() -> None:
    before = version(1, an_anomaly("2024-01-03"), an_anomaly("2024-01-09"), an_anomaly("2024-01-15"))
    after = version(
        2, an_anomaly("2024-01-03"), an_anomaly("2024-01-15", severity=Severity.HIGH), an_anomaly("2024-01-27")
    )
    found = compare(before, after)
    assert [one.date for one in found.gone] == ["2024-01-09"]
    assert [one.date for one in found.new] == ["2024-01-27"]
    assert [one.after.date for one in found.changed] == ["2024-01-15"]
    assert found.same == 1


def test_a_rise_and_a_fall_at_the_same_time_are_two_things() -> None:
    found = compare(
        version(1, an_anomaly("2024-01-03")), version(2, an_anomaly("2024-01-03", direction=Direction.DOWN))
    )
    assert (len(found.gone), len(found.new), found.same) == (1, 1, 0)


def test_an_event_that_grew_is_changed_not_new() -> None:
    found = compare(
        version(1, an_anomaly("2024-01-03")),
        version(2, an_anomaly("2024-01-04", start="2024-01-03", end="2024-01-05")),
    )
    assert (len(found.changed), len(found.gone), len(found.new)) == (1, 0, 0)
