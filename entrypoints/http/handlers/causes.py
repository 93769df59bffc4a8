"""Causes: which values of which dimensions explain an anomaly."""

from typing import Any

from litestar import Request, get

from domain import errors
from domain.analysis.causes import ChangeExplanation
from entrypoints.http.context import Cases, DatasetId, UserId
from entrypoints.http.handlers.analyses import REFUSALS
from entrypoints.http.operations import CausesOperation
from entrypoints.http.problems import documented
from entrypoints.http.query import causes_query


@get(
    "/{dataset_id:str}/causes",
    operation_id="getCauses",
    summary="Explain an anomaly",
    operation_class=CausesOperation,
    responses=documented(*REFUSALS, errors.AnomalyNotFoundError),
    query_parameters=None,
)
async def get_causes(
    request: Request[Any, Any, Any], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> ChangeExplanation:
    """Which values of which dimensions moved the metric, compared with the same time in up to six weeks before.

    Of an anomaly of the analysis, or of any time range of it (`from`, `to`).
    """
    query = causes_query(request.scope["query_string"])
    which = query.analysis
    return await use_cases.find_causes(user_id, dataset_id, which.metric, which.settings, which.version, query.stretch)
