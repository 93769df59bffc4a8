"""Which datasets a list shows, and in which order, on every store."""

from datetime import timedelta
from typing import Any

import pytest

from domain.datasets.dataset import Status
from domain.datasets.dataset_query import DatasetOrder, DatasetQuery
from domain.ports.datasets import Datasets
from tests.support.builders import ANN, BOB, a_dataset
from tests.support.fakes import NOON, uuid_of


async def _names(datasets: Datasets, limit: int = 10, offset: int = 0, **asked: Any) -> tuple[list[str], int]:
    page = await datasets.list(ANN, limit, offset, DatasetQuery(**asked))
    return [one.dataset_name for one in page.items], page.total


@pytest.fixture
async def several(datasets: Datasets) -> Datasets:
    """Three of one account and one of another, each with another name, state, age and size."""
    stored = [
        ("Ärger 100%", Status.FAILED, None, None, ANN),
        ("sales north", Status.CACHED, 900, 3, ANN),
        ("Sales South", Status.PROCESSED, 10_000, 12, ANN),
        ("Sales of Bob", Status.CACHED, 1, 1, BOB),
    ]
    for number, (name, status, rows, anomalies, owner) in enumerate(stored):
        await datasets.add(
            a_dataset(
                id=uuid_of(700 + number), user_id=owner, dataset_name=name, file_name="table.csv", status=status,
                row_count=rows, anomaly_count=anomalies, uploaded_at=NOON + timedelta(hours=number),
            )
        )  # fmt: skip
    return datasets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SALES", ["Sales South", "sales north"]),
        ("les n", ["sales north"]),
        ("äRGER", ["Ärger 100%"]),
        ("0%", ["Ärger 100%"]),
        ("s.les", []),
        ("_", []),
        (".*", []),
        ("", ["Sales South", "sales north", "Ärger 100%"]),
    ],
)
async def test_a_search_finds_a_part_of_the_name_in_any_case_and_takes_no_sign_as_a_pattern(
    several: Datasets, text: str, expected: list[str]
) -> None:
    assert await _names(several, text=text) == (expected, len(expected))


async def test_a_list_shows_the_states_that_are_asked_for(several: Datasets) -> None:
    assert await _names(several, statuses=(Status.FAILED,)) == (["Ärger 100%"], 1)
    assert await _names(several, statuses=(Status.CACHED, Status.PROCESSED), text="north") == (["sales north"], 1)
    assert await _names(several, statuses=(Status.UPLOADED,)) == ([], 0)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (DatasetOrder.NEWEST, ["Sales South", "sales north", "Ärger 100%"]),
        (DatasetOrder.UPLOADED_AT, ["Ärger 100%", "sales north", "Sales South"]),
        (DatasetOrder.MOST_ROWS, ["Sales South", "sales north", "Ärger 100%"]),
        (DatasetOrder.ROW_COUNT, ["Ärger 100%", "sales north", "Sales South"]),
        (DatasetOrder.MOST_ANOMALIES, ["Sales South", "sales north", "Ärger 100%"]),
        (DatasetOrder.ANOMALY_COUNT, ["Ärger 100%", "sales north", "Sales South"]),
    ],
)
async def test_a_list_comes_in_the_order_that_is_asked_for(
    several: Datasets, order: DatasetOrder, expected: list[str]
) -> None:
    assert (await _names(several, order=order))[0] == expected


async def test_names_are_sorted_whatever_their_case(several: Datasets) -> None:
    forwards, _ = await _names(several, order=DatasetOrder.NAME, text="sales")
    backwards, _ = await _names(several, order=DatasetOrder.NAME_DESCENDING, text="sales")
    assert forwards == backwards[::-1] == ["sales north", "Sales South"]


async def test_a_search_looks_at_the_name_of_the_file_too(several: Datasets) -> None:
    await several.add(
        a_dataset(id=uuid_of(710), user_id=ANN, dataset_name="Shop", file_name="Kasse-2024.CSV", size_bytes=7)
    )
    page = await several.list(ANN, 10, 0, DatasetQuery(text="kasse"))
    assert ([one.dataset_name for one in page.items], page.total, page.size_bytes) == (["Shop"], 1, 7)


async def test_the_bytes_of_all_that_was_asked_for_are_added_whatever_the_page(datasets: Datasets) -> None:
    for number, (owner, size) in enumerate([(ANN, 5), (ANN, 2_000_000_000), (BOB, 100)]):
        await datasets.add(a_dataset(id=uuid_of(720 + number), user_id=owner, size_bytes=size))
    sizes = [(await datasets.list(ANN, limit, offset)).size_bytes for limit, offset in ((10, 0), (1, 0), (1, 9))]
    assert sizes == [2_000_000_005] * 3


async def test_total_counts_what_was_asked_for_also_beyond_the_last_page(several: Datasets) -> None:
    assert await _names(several, limit=1, text="sales") == (["Sales South"], 2)
    assert await _names(several, limit=1, offset=5, text="sales") == ([], 2)
