"""Rows, headers and columns of files whose shape is off."""

from typing import Any

import pytest

from domain.datasets.columns import ColumnType
from domain.errors import (
    InvalidInputError,
    MalformedFileError,
)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("2024-01-11,1", "too few cells: 2 instead of 3"),
        ("2024-01-11,1,2,3", "too many cells: 4 instead of 3"),
        ("2024-01-11", "too few cells: 1 instead of 3"),
        ('2024-01-11,"1,2', "a quote opens a cell and nothing closes it"),
        ('2024-01-11,"1"2,3', "text follows a closing quote"),
        ("2024-01-11,1\x00,2", "zero bytes"),
    ],
)
def test_row_of_the_wrong_shape_is_rejected_with_its_line_and_shifts_nothing(
    read: Any, fault: str, reason: str
) -> None:
    lines = [f"2024-01-{day:02d},{day},{day * 10}" for day in range(1, 21)]
    lines[10] = fault
    outcome = read("day,x,y\n" + "\n".join(lines) + "\n")
    assert outcome.rows == [(float(d), d * 10.0) for d in range(1, 21) if d != 11]
    (reject,) = outcome.rejects
    assert reject["line"] == "12"
    assert reason in reject["reason"]


def test_quoted_line_break_keeps_the_line_numbers_of_the_file(read: Any) -> None:
    lines = [f'2024-01-{day:02d},{day},"two\nlines"' for day in range(1, 11)]
    outcome = read("day,x,note\n" + "\n".join(lines) + "\n2024-02-01,oops,z\n")
    assert [row[0] for row in outcome.rows] == [float(day) for day in range(1, 11)]
    assert outcome.rows[0][1] == "two\nlines"
    assert [(r["line"], r["value"]) for r in outcome.rejects] == [("22", "oops")]


def test_blank_and_faulty_lines_keep_the_line_numbers_of_the_file(read: Any) -> None:
    outcome = read(
        "junk above\n\nday,x,y\n\n2024-01-01,1,2\n2024-01-02,3\n\n2024-01-03,x,none of it\n2024-01-04,6,7\n"
        + "".join(f"2024-02-{d:02d},1,1\n" for d in range(1, 21))
    )
    assert [(r["line"], r["reason"][:12]) for r in outcome.rejects] == [("6", "too few cell"), ("8", "not a number")]


def test_quote_inside_a_bare_cell_is_a_character(read: Any) -> None:
    outcome = read('day,size,x\n2024-01-01,5" pipe,1\n2024-01-02,"6"" pipe",2\n2024-01-03,bare,3\n')
    assert [row[1] for row in outcome.rows] == ['5" pipe', '6" pipe', "bare"]


def test_delimiter_inside_quotes_is_part_of_its_cell(read: Any) -> None:
    outcome = read('day,name,x\n2024-01-01,"a, b",1\n2024-01-02,"c",2\n')
    assert outcome.rows == [(1.0, "a, b"), (2.0, "c")]


def test_unclosed_quote_rejects_one_row_and_not_the_rest_of_the_file(read: Any) -> None:
    lines = [f'2024-01-01 00:00:{i % 60:02d},"{i}",1' for i in range(50_000)]
    lines[7] = '2024-01-01 00:00:07,"7,1'
    outcome = read("time,x,y\n" + "\n".join(lines) + "\n")
    assert len(outcome.rows) == 49_999
    assert [r["line"] for r in outcome.rejects] == ["9"]


def test_overlong_line_is_rejected(read: Any) -> None:
    outcome = read("day,note,x\n2024-01-01,a,1\n2024-01-02," + "b" * 1_100_000 + ",2\n2024-01-03,c,3\n")
    assert [row[0] for row in outcome.rows] == [1.0, 3.0]
    assert "bytes long" in outcome.rejects[0]["reason"]


def test_header_that_names_fewer_columns_than_rows_have_is_refused(read: Any) -> None:
    with pytest.raises(MalformedFileError, match=r"header \(line 1\) names 2 columns, but the rows have 3"):
        read("day,x\n" + "".join(f"2024-01-{d:02d},{d},{d}\n" for d in range(1, 10)))


def test_file_without_a_header_names_columns_by_place(read: Any) -> None:
    outcome = read("2024-01-01,5,a\n2024-01-02,6,b\n")
    assert outcome.report.time_column == "column_1"
    assert outcome.report.metric_columns == ("column_2",)
    assert any("no header" in note for note in outcome.quality.notes)


TITLED = "Sales of 2024, both shops\nmade on, 3 January\n2023-12-31,1\ndate,revenue\n2024-01-01,5\n2024-01-02,6\n"


def test_line_that_is_said_to_be_the_header_is_it_and_those_above_are_left_out(read: Any) -> None:
    outcome = read(TITLED, header_line=4)
    assert [column.name for column in outcome.report.columns] == ["date", "revenue"]
    assert outcome.rows == [(5.0,), (6.0,)]
    assert outcome.quality.rejected_rows == 0
    assert "above line 4" in outcome.quality.notes[0]


def test_file_that_is_said_to_have_no_header_keeps_its_first_line_as_a_row(read: Any) -> None:
    content = "2024-01-01,5\n2024-01-02,6\n"
    assert read(content, header_line=0).rows == read(content).rows == [(5.0,), (6.0,)]
    text = read("day,n\n2024-01-01,5\n2024-01-02,6\n", header_line=0)
    assert [column.name for column in text.report.columns] == ["column_1", "column_2"]
    assert [(reject["line"], reject["value"]) for reject in text.rejects] == [("1", "day")]


def test_rejects_below_a_header_that_was_said_keep_the_lines_of_the_file(read: Any) -> None:
    outcome = read(TITLED + "2024-01-03,lots\n", header_line=4)
    assert [reject["line"] for reject in outcome.rejects] == ["7"]


@pytest.mark.parametrize("line", [2, 9])
def test_header_that_is_blank_or_beyond_the_file_is_refused(read: Any, line: int) -> None:
    with pytest.raises(InvalidInputError, match=f"Line {line} cannot be the header"):
        read("title\n\ndate,n\n2024-01-01,5\n", header_line=line)


def test_header_of_a_format_that_has_none_is_refused(read: Any) -> None:
    with pytest.raises(InvalidInputError, match="Only text and workbooks"):
        read('[{"date": "2024-01-01", "n": 1}]', header_line=1)


def test_missing_and_repeated_names_are_made_up_for(read: Any) -> None:
    outcome = read("day,x,x,,X\n2024-01-01,1,2,3,4\n2024-01-02,1,2,3,4\n")
    assert outcome.report.metric_columns == ("x", "x_2", "column_4", "X_3")
    assert outcome.rows[0] == (1.0, 2.0, 3.0, 4.0)


def test_column_called_t_does_not_clash_with_time(read: Any) -> None:
    outcome = read("day,t,T_2\n2024-01-01,1,7\n2024-01-02,2,8\n")
    assert outcome.report.metric_columns == ("t_3", "T_2")
    assert outcome.rows == [(1.0, 7.0), (2.0, 8.0)]


def test_column_called_t_may_be_the_time(read: Any) -> None:
    outcome = read("t,x\n2024-01-01,1\n2024-01-02,2\n")
    assert (outcome.report.time_column, outcome.rows) == ("t", [(1.0,), (2.0,)])


def test_empty_boolean_and_text_columns_are_kept_and_are_no_metrics(read: Any) -> None:
    outcome = read("day,x,nothing,flag,note\n2024-01-01,1,,true,a\n2024-01-02,2,,false,b\n")
    kinds = [column.type for column in outcome.report.columns]
    assert kinds == [ColumnType.TIME, ColumnType.NUMBER, ColumnType.EMPTY, ColumnType.BOOLEAN, ColumnType.TEXT]
    assert outcome.rows == [(1.0, None, "true", "a"), (2.0, None, "false", "b")]


def test_column_that_is_empty_at_first_is_still_a_metric(read: Any) -> None:
    head = "".join(f"2000-01-01 {h // 60 % 24:02d}:{h % 60:02d}:00,1,\n" for h in range(1440)) * 3
    tail = "2001-01-01 00:00:00,1,5\n"
    assert read("time,x,late\n" + head + tail).report.metric_columns == ("x", "late")


def test_column_that_turns_to_text_late_is_text_and_rejects_nothing(read: Any) -> None:
    many = 150_000
    rows = "".join(f"2024-01-01 00:00:00,{i},{i if i < 100 or i > many - 100 else 'text'}\n" for i in range(many))
    outcome = read("time,x,mixed\n" + rows)
    assert outcome.report.metric_columns == ("x",)
    assert len(outcome.rows) == many


def test_id_and_year_columns_are_no_metrics_unless_named(read: Any) -> None:
    outcome = read("id,date,year,x\n1,2024-01-01,2024,5\n2,2024-01-02,2024,6\n")
    assert outcome.report.time_column == "date"
    assert outcome.report.metric_columns == ("x",)
    named = read("id,date,year,x\n1,2024-01-01,2024,5\n2,2024-01-02,2024,6\n", metric_columns=("id", "x"))
    assert named.report.metric_columns == ("id", "x")


def test_number_of_a_shop_stands_behind_what_is_measured_there(read: Any) -> None:
    rows = [f"{shop},2024-01-{day:02},{100 * shop + day * 7 % 5}" for shop in (1, 2, 3) for day in range(1, 11)]
    outcome = read("Store,Date,Sales\n" + "\n".join(rows) + "\n")
    assert outcome.report.metric_columns == ("Sales", "Store")
    assert read("Store,Date,Sales\n" + "\n".join(rows), metric_columns=("Store", "Sales")).report.metric_columns == (
        "Store",
        "Sales",
    ), "who says what to look at says in which order, too"


def test_named_metrics_are_the_only_ones_and_others_reject_nothing(read: Any) -> None:
    outcome = read(
        "day,x,y\n" + "".join(f"2024-01-{d:02d},{d},{d}\n" for d in range(1, 21)) + "2024-02-01,1,oops\n",
        metric_columns=("x",),
    )
    assert outcome.report.metric_columns == ("x",)
    assert outcome.rejects == []
    assert outcome.rows[-1] == (1.0, "oops")
