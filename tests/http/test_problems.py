"""Every failure is answered as problem+json, whichever layer raised it."""

from typing import Any

import httpx
import pytest
import structlog
from litestar import Litestar, get
from litestar.testing import TestClient

from domain import errors
from entrypoints.http.app import create_app
from entrypoints.http.context import Options
from entrypoints.http.problems import STATUS, on_error, status_of
from tests.support.served import PASSWORD, SALES, Served, dataset, problem

SECRET = "the password is hunter2"


def every_error() -> list[type[errors.DriftlineError]]:
    found = [errors.DriftlineError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__ == errors.__name__]


def test_every_class_of_errors_has_a_status_and_a_code_of_its_own() -> None:
    kinds = every_error()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(400 <= status_of(kind) < 600 for kind in kinds)
    assert set(STATUS) <= set(kinds)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.InvalidInputError, 400),
        (errors.WeakPasswordError, 400),
        (errors.InvalidCredentialsError, 401),
        (errors.TokenReusedError, 401),
        (errors.ReportNotFoundError, 404),
        (errors.EmailTakenError, 409),
        (errors.DatasetNotReadyError, 409),
        (errors.UploadTooLargeError, 413),
        (errors.AmbiguousDateError, 422),
        (errors.TooManyPointsError, 422),
        (errors.RateLimitedError, 429),
        (errors.CorruptedError, 500),
        (errors.UnsupportedError, 501),
        (errors.UnavailableError, 503),
    ],
)
def test_the_status_of_an_error_is_as_agreed(kind: type[errors.DriftlineError], status: int) -> None:
    assert status_of(kind) == status


def answers(error: Exception) -> Any:
    @get("/broken")
    async def broken() -> None:
        raise error

    with TestClient(Litestar([broken], exception_handlers={Exception: on_error}, logging_config=None)) as client:
        return client.get("/broken")


@pytest.mark.parametrize(
    "error", [RuntimeError(SECRET), errors.CorruptedError(SECRET), errors.ConfigurationError(SECRET, password=SECRET)]
)
def test_an_unexpected_error_says_nothing_of_its_insides(error: Exception) -> None:
    answer = answers(error)
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "hunter2" not in answer.text


def test_a_store_that_does_not_answer_is_a_503_worth_another_try() -> None:
    answer = answers(errors.UnavailableError("The database does not answer.", dependency="sqlite"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdigit()
    assert answer.json()["dependency"] == "sqlite"


def test_details_never_overwrite_what_the_standard_names() -> None:
    answer = answers(errors.ConflictError("Busy with something else.", status="processing", title="mine"))
    assert answer.json()["status"] == 409
    assert answer.json()["title"] == "Conflict"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nope", "/api/datasets/x/nope", "/api/auth", "/api/docs/nope.js"]
)
async def test_an_unknown_path_under_api_is_a_problem_not_the_page(anonymous: httpx.AsyncClient, path: str) -> None:
    answer = await anonymous.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "route_not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/auth/login", "POST"),
        ("GET", "/api/auth/register", "POST"),
        ("POST", "/api/datasets", "GET"),
        ("PUT", "/api/datasets/some-id", "GET, PATCH, DELETE"),
    ],
)
async def test_a_wrong_method_is_answered_with_the_right_ones(
    anonymous: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await anonymous.request(method, path)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("content", [b"{", b'{"email": "a"', b"\xff\xfe", b"email=a&password=b", b"{'email': 1}"])
async def test_a_body_that_is_no_json_is_refused(anonymous: httpx.AsyncClient, content: bytes) -> None:
    answer = await anonymous.post("/api/auth/login", content=content, headers={"content-type": "application/json"})
    problem(answer, 400, "malformed_body")


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"text"', b"7"])
async def test_a_body_that_is_no_object_is_refused(anonymous: httpx.AsyncClient, content: bytes) -> None:
    answer = await anonymous.post("/api/auth/login", content=content, headers={"content-type": "application/json"})
    assert "JSON object" in problem(answer, 400, "invalid_input")["detail"]


async def test_a_json_body_of_megabytes_is_too_large(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/api/auth/login", json={"email": "a" * 2_000_000, "password": "b"})
    problem(answer, 413, "body_too_large")


async def test_a_query_parameter_nobody_knows_is_refused_everywhere(ada: httpx.AsyncClient) -> None:
    for path in ("/api/auth/me", "/api/datasets", "/api/health/live", "/api/samples"):
        assert problem(await ada.get(f"{path}?colour=red"), 400, "invalid_input")["field"] == "colour"


async def test_a_request_id_is_taken_over_if_it_is_one_and_made_if_not(anonymous: httpx.AsyncClient) -> None:
    given = await anonymous.get("/api/nope", headers={"x-request-id": "my-id_1.2"})
    assert given.headers["x-request-id"] == given.json()["requestId"] == "my-id_1.2"
    for bad in ("a b", "x" * 65, "<script>"):
        made = await anonymous.get("/api/nope", headers={"x-request-id": bad})
        assert made.headers["x-request-id"] not in {bad, ""}


async def test_the_log_tells_requests_but_no_secret_and_no_row(server: Served) -> None:
    with structlog.testing.capture_logs() as lines:
        client = await server.user("private@example.com")
        made = await dataset(client, SALES, "private.csv", datasetName="Private")
        await client.get(f"/api/analytics/{made['id']}?metric=revenue")
        await client.post("/api/auth/login", json={"email": "private@example.com", "password": "wrong password"})
    said = str(lines)
    assert {"/api/datasets/upload", "/api/analytics/{dataset_id}"} <= {line.get("route") for line in lines}
    token = client.headers["authorization"].removeprefix("Bearer ")
    for secret in (token, PASSWORD, "wrong password", "private", "Private", "89000", made["id"]):
        assert secret not in said


def test_making_the_app_opens_nothing(tmp_path: Any) -> None:
    def never() -> Any:
        raise AssertionError("opened")

    assert create_app(never, Options(max_upload_bytes=1, frontend=tmp_path)).routes
