"""What only the store of bucket documents promises."""

from pathlib import Path

import numpy as np
import pytest
from bson import ObjectId

from adapters.mongo.database import MongoDatabase
from adapters.mongo.records import MongoRecords
from domain.errors import StaleVersionError
from domain.timeseries.group_sums import GroupQuestion, sum_groups
from domain.timeseries.segment import ColumnValues
from tests.contract.test_record_groups import report_with_groups
from tests.contract.test_records import DAY, HOUR, SPRING, question, report_of
from tests.support.builders import a_dataset


async def test_rows_of_a_worker_that_died_half_way_go_with_the_next_storing(
    mongo: MongoDatabase, mongo_records: MongoRecords, tmp_path: Path
) -> None:
    dataset = a_dataset()
    report = report_of(tmp_path / "in", SPRING + HOUR * np.arange(100), x=np.arange(100.0))
    left = {"datasetId": dataset.id, "version": dataset.version, "load": ObjectId("0" * 24)}
    await mongo.handle.command("collMod", "records", validationLevel="off")
    await mongo.collection("records").insert_one(left)
    await mongo.handle.command("collMod", "records", validationLevel="strict")
    await mongo_records.store(dataset, report)
    assert len(await mongo.collection("records").distinct("load")) == 1
    assert (await mongo_records.profile(dataset, "x")).rows == 100


async def test_worker_that_slept_through_a_later_storing_is_refused_and_leaves_nothing(
    mongo: MongoDatabase, mongo_records: MongoRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = a_dataset()
    times = SPRING + DAY * np.arange(3)
    await mongo_records.store(dataset, report_of(tmp_path / "new", times, x=np.array([7.0, 8.0, 9.0])))

    async def earlier(_dataset: object) -> ObjectId:
        return ObjectId("0" * 24)

    monkeypatch.setattr(mongo_records, "_new_load", earlier)
    with pytest.raises(StaleVersionError):
        await mongo_records.store(dataset, report_of(tmp_path / "old", times, x=np.array([1.0, 2.0, 3.0])))
    answer = await mongo_records.series(question(dataset))
    np.testing.assert_array_equal(answer.value, [7.0, 8.0, 9.0])
    assert len(await mongo.collection("records").distinct("load")) == 1


async def test_days_are_answered_without_touching_a_row(
    mongo: MongoDatabase, mongo_records: MongoRecords, tmp_path: Path
) -> None:
    times = SPRING + HOUR * np.arange(24 * 60)
    await mongo_records.store(a_dataset(), report_of(tmp_path / "in", times, x=np.arange(24.0 * 60)))
    await mongo.collection("records").update_many({}, {"$set": {"times": [], "values": {}}})
    answer = await mongo_records.series(question(a_dataset()))
    np.testing.assert_array_equal(answer.rows, np.full(60, 24))
    np.testing.assert_array_equal(answer.value, np.arange(24.0 * 60).reshape(60, 24).sum(axis=1))


async def test_codes_of_dimensions_share_an_array_as_far_as_they_fit_into_32_bits(
    mongo: MongoDatabase, mongo_records: MongoRecords, tmp_path: Path
) -> None:
    draw = np.random.default_rng(4)
    sizes = {"a": 7, "b": 1_200, "c": 900, "d": 1_000, "e": 3}
    times = SPRING + HOUR * np.arange(3_000)
    groups = {name: [f"{name}{n}" for n in draw.integers(0, size, len(times))] for name, size in sizes.items()}
    metrics = {"sales": draw.random(len(times))}
    await mongo_records.store(a_dataset(), report_with_groups(tmp_path, times, metrics, groups))
    document = await mongo.collection("records").find_one()
    assert document is not None
    assert sorted(document["groups"]) == ["p0", "p1"]
    asked = GroupQuestion(
        dataset_id=a_dataset().id,
        version=1,
        metrics=("sales",),
        columns=("e", "a", "d"),
        spans=((SPRING + 3 * HOUR, SPRING + 40 * DAY),),
        most_groups=10_000,
        segment=(ColumnValues(column="b", values=tuple(set(groups["b"][:500]))),),
    )
    answer = await mongo_records.group_sums(asked)
    oracle = sum_groups(asked, times, [metrics["sales"]], groups)
    assert sorted(zip(*answer.values.values(), strict=True)) == sorted(zip(*oracle.values.values(), strict=True))
    assert answer.sums.sum() == pytest.approx(oracle.sums.sum(), rel=1e-12)
