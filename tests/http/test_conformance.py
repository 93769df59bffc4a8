"""Whatever is sent to the API, its answer is one that the OpenAPI document describes, and never a failure of ours."""

from typing import Final

import httpx
import pytest

from entrypoints.http.openapi import document
from tests.support.conformance import conformance_of
from tests.support.served import Served

CASES: Final = 250  # in some seconds; `make conformance CASES=20000` sends more
PATHS: Final = document()["paths"]


async def test_every_answer_is_one_that_the_document_describes(server: Served) -> None:
    result = await conformance_of(server, CASES)
    assert not result.found, "\n".join(result.found)
    assert sum(result.statuses.values()) > CASES / 2
    assert result.statuses[200] > 0


@pytest.mark.parametrize("path", PATHS)
async def test_method_that_a_path_has_not_is_refused_with_those_it_has(anonymous: httpx.AsyncClient, path: str) -> None:
    documented = {method.upper() for method in PATHS[path]}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - documented:
        answer = await anonymous.request(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code == 405, (method, path)
        allowed = set(answer.headers["allow"].split(", "))
        assert allowed >= documented
        assert allowed <= documented | {"HEAD", "OPTIONS"} | _also_routed(path)


def _also_routed(path: str) -> set[str]:
    """Methods of another documented path that takes this one too: ``/reports/{id}`` takes ``/reports/generate``."""
    parts = path.split("/")
    return {
        method.upper()
        for other, item in PATHS.items()
        if len(other.split("/")) == len(parts)
        and all(one == two or one.startswith("{") for one, two in zip(other.split("/"), parts, strict=True))
        for method in item
    }
