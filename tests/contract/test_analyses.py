"""The contract of ``Analyses``, on every store."""

import asyncio

from domain.ports.analyses import Analyses
from tests.support.builders import SALES, VISITS, an_analysis

STRANGE_METRICS = ["$where", "a.b", "", "' OR 1=1 --", "höhe ✓", "x" * 2_000]


async def test_analysis_comes_back_with_every_field_as_it_was_saved(analyses: Analyses) -> None:
    analysis = an_analysis()
    await analyses.save("field", analysis)
    assert await analyses.get(SALES, 1, "revenue", "field") == analysis


async def test_analysis_is_found_by_its_whole_address_only(analyses: Analyses) -> None:
    await analyses.save("field", an_analysis())
    assert await analyses.get(VISITS, 1, "revenue", "field") is None
    assert await analyses.get(SALES, 2, "revenue", "field") is None
    assert await analyses.get(SALES, 1, "visits", "field") is None
    assert await analyses.get(SALES, 1, "revenue", "other") is None


async def test_saving_again_replaces_the_older_analysis(analyses: Analyses) -> None:
    await analyses.save("field", an_analysis(dataset_name="old"))
    await analyses.save("field", an_analysis(dataset_name="new"))
    assert await analyses.get(SALES, 1, "revenue", "field") == an_analysis(dataset_name="new")


async def test_concurrent_saves_leave_one_whole_analysis(analyses: Analyses) -> None:
    candidates = [an_analysis(dataset_name=f"{number}") for number in range(10)]
    await asyncio.gather(*(analyses.save("field", one) for one in candidates))
    assert await analyses.get(SALES, 1, "revenue", "field") in candidates


async def test_metric_may_have_any_name(analyses: Analyses) -> None:
    for metric in STRANGE_METRICS:
        await analyses.save("field", an_analysis(metric=metric))
    for metric in STRANGE_METRICS:
        assert await analyses.get(SALES, 1, metric, "field") == an_analysis(metric=metric)


async def test_deleting_a_version_keeps_the_others(analyses: Analyses) -> None:
    for version in (1, 2):
        for metric in ("revenue", "visits"):
            await analyses.save("field", an_analysis(version=version, metric=metric))
    await analyses.delete(SALES, 1)
    assert await analyses.get(SALES, 1, "revenue", "field") is None
    assert await analyses.get(SALES, 1, "visits", "field") is None
    assert await analyses.get(SALES, 2, "visits", "field") is not None


async def test_deleting_those_of_a_metric_keeps_the_other_metrics(analyses: Analyses) -> None:
    for version in (1, 2):
        for metric in ("revenue", "visits"):
            await analyses.save("field", an_analysis(version=version, metric=metric))
    await analyses.delete(SALES, metric="revenue")
    for version in (1, 2):
        assert await analyses.get(SALES, version, "revenue", "field") is None
        assert await analyses.get(SALES, version, "visits", "field") is not None
    await analyses.delete(SALES, 1, "visits")
    assert await analyses.get(SALES, 1, "visits", "field") is None
    assert await analyses.get(SALES, 2, "visits", "field") is not None


async def test_deleting_a_dataset_deletes_all_its_analyses_and_no_others(analyses: Analyses) -> None:
    await analyses.save("field", an_analysis(version=1))
    await analyses.save("field", an_analysis(version=2))
    await analyses.save("field", an_analysis(dataset_id=VISITS))
    await analyses.delete(SALES)
    await analyses.delete(SALES)
    assert await analyses.get(SALES, 1, "revenue", "field") is None
    assert await analyses.get(SALES, 2, "revenue", "field") is None
    assert await analyses.get(VISITS, 1, "revenue", "field") is not None


async def test_what_is_held_is_named_by_dataset_and_version(analyses: Analyses) -> None:
    assert await analyses.stored_ids() == frozenset()
    for field in ("one", "other"):
        await analyses.save(field, an_analysis(version=1))
    await analyses.save("field", an_analysis(version=2, metric="visits"))
    await analyses.save("field", an_analysis(dataset_id=VISITS))
    assert await analyses.stored_ids() == {(SALES, 1), (SALES, 2), (VISITS, 1)}
    await analyses.delete(SALES, 1)
    assert await analyses.stored_ids() == {(SALES, 2), (VISITS, 1)}
