"""Verdicts: what a user says of an anomaly."""

from typing import Annotated, Final

from litestar import Router, get, put
from litestar.params import JSONBody, QueryParameter

from domain import errors
from entrypoints.http.context import Cases, DatasetId, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import AnnotationBody, AnnotationList, AnnotationView, annotation_view_of

Metric = Annotated[str, QueryParameter(description="Which of the dataset's metrics.")]


@put(
    "/{dataset_id:str}/annotations",
    operation_id="annotate",
    summary="Say what an anomaly was",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.MetricNotFoundError),
)
async def annotate(
    data: JSONBody[AnnotationBody], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> AnnotationView:
    """Keep, change or (with verdict null) take back a verdict. It survives re-runs and new versions.

    It speaks of the bucket it is given on, at every granularity: a day's of each hour of it, an hour's not of its day.

    The verdict acts on the analysis, so kept analyses of the dataset are computed anew when next asked for.
    """
    kept = await use_cases.annotate(
        user_id, dataset_id, data.metric, data.date, data.verdict, data.reason, data.granularity
    )
    if kept is None:
        return AnnotationView(
            metric=data.metric, date=data.date, verdict=None, reason=None, created_at=None, since=None, until=None
        )
    return annotation_view_of(kept)


@get(
    "/{dataset_id:str}/annotations",
    operation_id="listAnnotations",
    summary="List the verdicts on a metric",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.MetricNotFoundError),
    query_parameters=frozenset({"metric"}),
)
async def list_annotations(use_cases: Cases, user_id: UserId, dataset_id: DatasetId, metric: Metric) -> AnnotationList:
    """In order of time."""
    found = await use_cases.list_annotations(user_id, dataset_id, metric)
    return AnnotationList(items=tuple(map(annotation_view_of, found)))


ROUTER: Final = Router(
    "/analytics", route_handlers=[annotate, list_annotations], tags=["Verdicts"], security=[{"accessToken": []}]
)
