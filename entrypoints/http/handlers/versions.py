"""Versions of a dataset: list them, compare two, bring an older one back."""

from typing import Any

from litestar import Request, get, post
from litestar.params import JSONBody

from domain import errors
from domain.analysis.comparison import Comparison
from domain.datasets.dataset import Dataset
from entrypoints.http.context import Cases, DatasetId, UserId
from entrypoints.http.operations import ComparisonOperation
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.query import comparison_query
from entrypoints.http.schemas import RestoreBody, UploadResponse, VersionList, uploaded_view_of, view_of


@get(
    "/datasets/{dataset_id:str}/versions",
    operation_id="listVersions",
    summary="List a dataset's versions",
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError),
)
async def list_versions(use_cases: Cases, user_id: UserId, dataset_id: DatasetId) -> VersionList:
    """Every version, the newest first."""
    versions: tuple[Dataset, ...] = await use_cases.list_versions(user_id, dataset_id)
    return VersionList(items=tuple(map(view_of, versions)))


@post(
    "/datasets/{dataset_id:str}/restore",
    operation_id="restoreVersion",
    summary="Bring an older version back",
    status_code=200,
    responses=documented(*SIGNED_IN, errors.DatasetNotFoundError, errors.StaleVersionError),
)
async def restore_version(
    data: JSONBody[RestoreBody], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> UploadResponse:
    """Make an older version's file the next version; nothing is lost. It is processed as an upload is."""
    return uploaded_view_of(await use_cases.restore_version(user_id, dataset_id, data.version))


@get(
    "/analytics/{dataset_id:str}/compare",
    operation_id="compareVersions",
    summary="Compare two versions",
    operation_class=ComparisonOperation,
    responses=documented(
        *SIGNED_IN, errors.DatasetNotFoundError, errors.MetricNotFoundError, errors.DatasetNotReadyError
    ),
    query_parameters=None,
)
async def compare_versions(
    request: Request[Any, Any, Any], use_cases: Cases, user_id: UserId, dataset_id: DatasetId
) -> Comparison:
    """Which figures moved, which anomalies went, came or changed, for one metric at the same settings."""
    query = comparison_query(request.scope["query_string"])
    return await use_cases.compare_versions(
        user_id, dataset_id, query.metric, query.settings, query.before, query.after
    )
