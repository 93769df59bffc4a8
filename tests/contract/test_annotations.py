"""The contract of ``Annotations``, on every store."""

from datetime import timedelta

from domain.annotations import Verdict
from domain.ports import Annotations
from tests.support.builders import NOON, SALES, VISITS, an_annotation


async def test_annotation_comes_back_as_it_was_put(annotations: Annotations) -> None:
    await annotations.put(an_annotation(reason="naïve ✓"))
    assert await annotations.of_metric(SALES, "revenue") == (an_annotation(reason="naïve ✓"),)


async def test_annotations_come_in_order_of_time(annotations: Annotations) -> None:
    late, early = an_annotation(at=NOON + timedelta(microseconds=1)), an_annotation()
    await annotations.put(late)
    await annotations.put(early)
    assert await annotations.of_metric(SALES, "revenue") == (early, late)


async def test_putting_again_replaces_what_was_said_of_that_instant(annotations: Annotations) -> None:
    await annotations.put(an_annotation(verdict=Verdict.CONFIRMED))
    await annotations.put(an_annotation(verdict=Verdict.FALSE_ALARM, reason=None))
    assert await annotations.of_metric(SALES, "revenue") == (an_annotation(verdict=Verdict.FALSE_ALARM, reason=None),)


async def test_annotation_is_found_by_its_dataset_and_metric_only(annotations: Annotations) -> None:
    await annotations.put(an_annotation())
    assert await annotations.of_metric(VISITS, "revenue") == ()
    assert await annotations.of_metric(SALES, "orders") == ()


async def test_removing_takes_back_one_and_is_no_error_twice(annotations: Annotations) -> None:
    await annotations.put(an_annotation())
    await annotations.put(an_annotation(metric="orders"))
    for _ in range(2):
        await annotations.remove(SALES, "revenue", NOON)
    assert await annotations.of_metric(SALES, "revenue") == ()
    assert len(await annotations.of_metric(SALES, "orders")) == 1


async def test_deleting_forgets_one_dataset_and_spares_the_others(annotations: Annotations) -> None:
    await annotations.put(an_annotation())
    await annotations.put(an_annotation(dataset_id=VISITS))
    await annotations.delete(SALES)
    assert await annotations.of_metric(SALES, "revenue") == ()
    assert len(await annotations.of_metric(VISITS, "revenue")) == 1


async def test_what_is_held_is_named_by_dataset(annotations: Annotations) -> None:
    assert await annotations.held() == frozenset()
    for metric in ("revenue", "orders"):
        await annotations.put(an_annotation(metric=metric))
    await annotations.put(an_annotation(dataset_id=VISITS))
    assert await annotations.held() == {SALES, VISITS}
    await annotations.delete(VISITS)
    assert await annotations.held() == {SALES}
