"""The contract of ``Verdicts``, on every store."""

from datetime import timedelta

from domain.feedback.verdict import VerdictKind
from domain.ports.analyses import Verdicts
from tests.support.builders import SALES, VISITS, an_annotation
from tests.support.fakes import NOON


async def test_annotation_comes_back_as_it_was_put(verdicts: Verdicts) -> None:
    await verdicts.put(an_annotation(reason="naïve ✓"))
    assert await verdicts.of_subject(SALES, "revenue") == (an_annotation(reason="naïve ✓"),)


async def test_annotations_come_in_order_of_time(verdicts: Verdicts) -> None:
    late, early = an_annotation(at=NOON + timedelta(microseconds=1)), an_annotation()
    await verdicts.put(late)
    await verdicts.put(early)
    assert await verdicts.of_subject(SALES, "revenue") == (early, late)


async def test_putting_again_replaces_what_was_said_of_that_instant(verdicts: Verdicts) -> None:
    await verdicts.put(an_annotation(verdict=VerdictKind.CONFIRMED))
    await verdicts.put(an_annotation(verdict=VerdictKind.FALSE_ALARM, reason=None))
    assert await verdicts.of_subject(SALES, "revenue") == (an_annotation(verdict=VerdictKind.FALSE_ALARM, reason=None),)


async def test_annotation_is_found_by_its_dataset_and_metric_only(verdicts: Verdicts) -> None:
    await verdicts.put(an_annotation())
    assert await verdicts.of_subject(VISITS, "revenue") == ()
    assert await verdicts.of_subject(SALES, "orders") == ()


async def test_removing_takes_back_one_and_is_no_error_twice(verdicts: Verdicts) -> None:
    await verdicts.put(an_annotation())
    await verdicts.put(an_annotation(metric="orders"))
    for _ in range(2):
        await verdicts.remove(SALES, "revenue", NOON)
    assert await verdicts.of_subject(SALES, "revenue") == ()
    assert len(await verdicts.of_subject(SALES, "orders")) == 1


async def test_deleting_forgets_one_dataset_and_spares_the_others(verdicts: Verdicts) -> None:
    await verdicts.put(an_annotation())
    await verdicts.put(an_annotation(dataset_id=VISITS))
    await verdicts.delete(SALES)
    assert await verdicts.of_subject(SALES, "revenue") == ()
    assert len(await verdicts.of_subject(VISITS, "revenue")) == 1


async def test_what_is_held_is_named_by_dataset(verdicts: Verdicts) -> None:
    assert await verdicts.stored_ids() == frozenset()
    for metric in ("revenue", "orders"):
        await verdicts.put(an_annotation(metric=metric))
    await verdicts.put(an_annotation(dataset_id=VISITS))
    assert await verdicts.stored_ids() == {SALES, VISITS}
    await verdicts.delete(VISITS)
    assert await verdicts.stored_ids() == {SALES}
