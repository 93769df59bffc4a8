"""Which files' rows may be added, and what a refusal says."""

import pytest

from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import Appended
from domain.datasets.table_schema import TableShape, joined, note_of
from domain.errors import ColumnsDifferError

DATE = Column(name="date", type=ColumnType.TIME)
REVENUE = Column(name="revenue", type=ColumnType.NUMBER, unit="$")
NOTE = Column(name="note", type=ColumnType.TEXT)
BLANK = Column(name="visits", type=ColumnType.EMPTY)
OPEN = Column(name="open", type=ColumnType.BOOLEAN)
SHAPE = TableShape(columns=(DATE, REVENUE, NOTE, BLANK, OPEN), time_column="date", metric_columns=("revenue",))


def test_the_order_of_columns_is_the_earlier_files() -> None:
    both = joined(SHAPE, [OPEN, BLANK, NOTE, REVENUE, DATE], {})
    assert both == SHAPE


def test_text_takes_anything_and_nothing_fits_everywhere() -> None:
    found = [
        DATE,
        Column(name="revenue", type=ColumnType.EMPTY),
        Column(name="note", type=ColumnType.NUMBER),
        BLANK,
        Column(name="open", type=ColumnType.EMPTY),
    ]
    assert joined(SHAPE, found, {}) == SHAPE


def test_a_column_that_was_empty_becomes_what_is_found() -> None:
    visits = Column(name="visits", type=ColumnType.NUMBER)
    both = joined(SHAPE, [DATE, REVENUE, NOTE, visits, OPEN], {})
    assert both.columns[3] == visits
    assert both.metric_columns == ("revenue", "visits")


def test_a_column_that_was_empty_is_no_metric_if_the_user_named_them() -> None:
    visits = Column(name="visits", type=ColumnType.NUMBER)
    assert joined(SHAPE, [DATE, REVENUE, NOTE, visits, OPEN], {}, chosen=True).metric_columns == ("revenue",)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([DATE, REVENUE, NOTE, BLANK], "missing column “open”"),
        (
            [DATE, REVENUE, NOTE, BLANK, OPEN, Column(name="Note", type=ColumnType.TEXT)],
            "unknown column “Note”",
        ),
        (
            [DATE, Column(name="revenue", type=ColumnType.TEXT), NOTE, BLANK, OPEN],
            "“revenue” holds numbers in the dataset and text here (“abc”)",
        ),
        (
            [DATE, Column(name="revenue", type=ColumnType.NUMBER, unit="€"), NOTE, BLANK, OPEN],
            "“revenue” is in $ in the dataset and in € here",
        ),
        (
            [DATE, REVENUE, NOTE, BLANK, Column(name="open", type=ColumnType.NUMBER)],
            "“open” holds yes or no in the dataset and numbers here",
        ),
    ],
)
def test_a_refusal_names_what_differs(found: list[Column], said: str) -> None:
    with pytest.raises(ColumnsDifferError) as refused:
        joined(SHAPE, found, {"revenue": "abc"})
    assert said in refused.value.message
    assert set(refused.value.details) == {"missing", "unknown", "changed"}


def test_the_note_counts_what_was_replaced() -> None:
    some = Appended(added_rows=1200, kept_rows=30, replaced_rows=7, replaced_times=3)
    assert note_of(some, 4) == ("1,200 rows added to version 4; 7 earlier rows for the same times replaced, 30 kept.")
    none = Appended(added_rows=2, kept_rows=30, replaced_rows=0, replaced_times=0)
    assert note_of(none, 1) == "2 rows added to version 1; 30 earlier rows kept."
