"""Every code has one label, and a cell that a spreadsheet would run is marked as text."""

import pytest

from domain.detection.result import Certainty, Direction, Kind, Method, Severity
from domain.detection.settings import Reported
from domain.feedback.verdict import VerdictKind
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.wording.labels import all_labels, kind_label
from domain.wording.spreadsheet import plain_text


def test_every_code_has_a_label_of_its_own() -> None:
    labels = all_labels()
    for codes, named in (
        (Method, labels.methods),
        (Kind, labels.kinds),
        (Severity, labels.severities),
        (Certainty, labels.certainties),
        (Reported, labels.directions),
        (VerdictKind, labels.verdicts),
        (Aggregate, labels.aggregates),
        (Granularity, labels.granularities),
    ):
        assert set(named) == {str(code) for code in codes}
        assert len(set(named.values())) == len(named)


def test_a_burst_is_named_by_its_direction() -> None:
    assert kind_label(Kind.BURST, Direction.UP) == "Sustained rise"
    assert kind_label(Kind.BURST, Direction.DOWN) == "Sustained drop"
    assert kind_label(Kind.OUTAGE, Direction.DOWN) == "Outage"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_begins_like_a_formula_is_marked_as_text(start: str) -> None:
    assert plain_text(f"{start}1+1") == f"'{start}1+1"
    assert plain_text("1+1") == "1+1"
