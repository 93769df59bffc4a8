"""Labels: the names of codes and fields, so that a page, a report and a client use one word for one thing."""

from litestar import get

from domain.wording.labels import Labels, all_labels


@get("/", operation_id="getLabels", summary="Names of codes and fields")
async def get_labels() -> Labels:
    """The label of every kind, method, severity, direction, verdict, interval and aggregate, and of table columns.

    Codes never change; labels may from version to version.
    """
    return all_labels()
