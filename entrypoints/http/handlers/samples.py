"""Samples: try the product without a file of one's own."""

from litestar import get, post
from litestar.params import FromPath

from domain import errors
from entrypoints.http.context import Cases, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import SampleList, UploadResponse, uploaded_view_of


@get("/", operation_id="listSamples", summary="List the samples", responses=documented(*SIGNED_IN))
async def list_samples(
    use_cases: Cases,
    user_id: UserId,  # noqa: ARG001 - asked for like everywhere else
) -> SampleList:
    """Each with the anomalies that were planted in it."""
    return SampleList(items=use_cases.list_samples())


@post(
    "/{name:str}",
    operation_id="loadSample",
    summary="Load a sample",
    status_code=200,
    responses=documented(*SIGNED_IN, errors.NotFoundError),
)
async def load_sample(use_cases: Cases, user_id: UserId, name: FromPath[str]) -> UploadResponse:
    """Make it a dataset of yours, as if you had uploaded it."""
    return uploaded_view_of(await use_cases.load_sample(user_id, name))
