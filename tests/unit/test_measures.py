"""Which numbers measure, and which only name things."""

import pytest

from domain.datasets.column_roles import ColumnCounts, called_a_name, measures_first, names_things


def counts(
    name: str = "column", *, whole: bool = True, times: int = 0, values: int = 0, pairs: int = 0, steady: int = 0
) -> ColumnCounts:
    return ColumnCounts(name=name, whole=whole, times=times, values=values, pairs=pairs, steady=steady)


@pytest.mark.parametrize(
    "name", ["id", "store_id", "StoreID", "Customer Id", "ZIP", "product-code", "Order No", "store_nbr", "Year"]
)
def test_column_called_like_a_name_is_one(name: str) -> None:
    assert called_a_name(name)


@pytest.mark.parametrize(
    "name", ["NO", "paid", "visits per day", "Humidity", "orders", "number of visits", "price index", "", "key figures"]
)
def test_column_called_like_a_measure_is_none(name: str) -> None:
    assert not called_a_name(name)


def test_same_numbers_at_every_time_in_equally_many_rows_are_names() -> None:
    assert names_things(counts(times=100, values=45, pairs=4500, steady=4500))
    assert names_things(counts(times=100, values=45, pairs=4400, steady=4350)), "a shop that opened late"


def test_numbers_that_come_and_go_are_measured() -> None:
    assert not names_things(counts(times=100, values=45, pairs=1200, steady=1200))


def test_marks_from_one_to_five_that_many_people_give_each_day_are_measured() -> None:
    assert not names_things(counts(times=100, values=5, pairs=500, steady=40)), "each mark is given ever so often"


def test_flag_that_all_shops_share_on_a_day_is_no_name() -> None:
    assert not names_things(counts(times=100, values=2, pairs=100, steady=100))


def test_fractions_are_measured_whatever_they_are_called() -> None:
    assert not names_things(counts("zip", whole=False))


def test_measures_stand_before_names_and_each_kind_keeps_its_order() -> None:
    columns = [counts("Store Id"), counts("sales"), counts("item code"), counts("visits")]
    assert measures_first(columns) == ("sales", "visits", "Store Id", "item code")
