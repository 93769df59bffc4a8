"""Verdicts: what a user says of an anomaly."""

from collections.abc import Sequence
from typing import Annotated, Final

from litestar import get, put
from litestar.params import JSONBody, QueryParameter

from domain import errors
from domain.analysis.segment import condition_of
from entrypoints.http.context import Cases, DatasetId, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import VerdictBody, VerdictList, VerdictResponse, verdict_view_of

Metric = Annotated[str, QueryParameter(description="Which of the dataset's metrics.")]
Where = Annotated[Sequence[str], QueryParameter(description="Of which segment, as column:value; repeatable.")]


OF_A_METRIC: Final = (*SIGNED_IN, errors.DatasetNotFoundError, errors.MetricNotFoundError)


async def _give_verdict(
    data: JSONBody[VerdictBody], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> VerdictResponse:
    """Keep, change or (with verdict null) take back a verdict. It survives re-runs and new versions.

    It applies to the bucket it is given on, at every granularity: a day's to each hour of it, an hour's not to its day.

    The verdict acts on the analysis, so kept analyses of the dataset are computed again when next asked for.
    """
    verdict = await use_cases.give_verdict(
        user_id,
        dataset_id,
        data.metric,
        data.date,
        data.verdict,
        data.reason,
        data.granularity,
        tuple(condition_of(text) for text in data.where),
    )
    if verdict is None:
        return VerdictResponse(
            metric=data.metric,
            date=data.date,
            verdict=None,
            reason=None,
            created_at=None,
            since=None,
            until=None,
            where=data.where,
        )
    return verdict_view_of(verdict)


async def _list_verdicts(
    use_cases: Cases, user_id: UserId, dataset_id: DatasetId, metric: Metric, where: Where = ()
) -> VerdictList:
    """In order of time, of all rows or of a segment."""
    verdicts = await use_cases.list_verdicts(user_id, dataset_id, metric, tuple(where))
    return VerdictList(items=tuple(map(verdict_view_of, verdicts)))


give_verdict = put(
    "/{dataset_id:str}/verdicts",
    operation_id="giveVerdict",
    summary="Say what an anomaly was",
    responses=documented(*OF_A_METRIC),
)(_give_verdict)
list_verdicts = get(
    "/{dataset_id:str}/verdicts",
    operation_id="listVerdicts",
    summary="List the verdicts on a metric",
    responses=documented(*OF_A_METRIC),
    query_parameters=frozenset({"metric", "where"}),
)(_list_verdicts)

# The path that programs written before 0.2 use.
give_annotation = put("/{dataset_id:str}/annotations", include_in_schema=False)(_give_verdict)
list_annotations = get(
    "/{dataset_id:str}/annotations", include_in_schema=False, query_parameters=frozenset({"metric", "where"})
)(_list_verdicts)
