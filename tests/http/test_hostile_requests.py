"""Requests that no client of good will sends: each is refused in words, and none is a failure of the server."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.served import SALES, Served, problem

BEYOND = [2**31, 2**63 - 1, 2**63, 2**64, 10**400]
NUMBERS = [
    "/api/datasets?offset={n}",
    "/api/datasets?limit={n}",
    "/api/reports?offset={n}",
    "/api/datasets/{id}?version={n}",
    "/api/datasets/{id}/rejects?version={n}",
    "/api/datasets/{id}/events?version={n}",
    "/api/analytics/{id}?version={n}",
    "/api/analytics/{id}/series?points={n}",
    "/api/analytics/{id}/compare?metric=revenue&before={n}&after=1",
]
JSON_CALLS = [
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/analytics/run"),
    ("POST", "/api/reports/generate"),
    ("PATCH", "/api/datasets/x"),
    ("POST", "/api/datasets/x/restore"),
    ("POST", "/api/datasets/upload-url"),
]
BODIES = [
    b" ", b"\n\t", b"[", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b'"\\ud800"', b"null", b"1e400", b'{"a":1}{}',
    b'{"email":"\\ud800@x.de","password":"correct horse"}', b'{"datasetId":"\\ud800"}', b'{"version":1e30}',
    b'{"datasetId":"x","sensitivity":NaN}', b"\xef\xbb\xbf{}",
]  # fmt: skip
BROKEN_BODIES = [
    "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{}",
    "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nffffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\nzz\r\n",
    'Content-Length: 5\r\nContent-Type: multipart/form-data; boundary="\r\n\r\nhello',
]


@pytest.mark.parametrize("number", BEYOND, ids=lambda number: str(number)[:20])
@pytest.mark.parametrize("path", NUMBERS)
async def test_number_beyond_what_stores_hold_is_refused_or_not_found(
    ada: httpx.AsyncClient, path: str, number: int
) -> None:
    answer = await ada.get(path.format(n=number, id="00000000-0000-0000-0000-000000000000"))
    assert answer.status_code in {400, 404}, answer.text


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:20]))
@pytest.mark.parametrize(("method", "path"), JSON_CALLS)
async def test_body_that_is_no_json_object_of_the_call_is_refused(
    ada: httpx.AsyncClient, method: str, path: str, body: bytes
) -> None:
    answer = await ada.request(method, path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 404}, answer.text


@pytest.mark.parametrize("body", BROKEN_BODIES, ids=range(len(BROKEN_BODIES)))
@pytest.mark.parametrize("path", ["/api/analytics/run", "/api/auth/login", "/api/datasets/preview"])
async def test_body_that_breaks_off_is_refused(server: Served, ada: httpx.AsyncClient, path: str, body: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\nConnection: close\r\n"
    assert await _status(server.url, (head + body).encode()) == 400


@pytest.mark.parametrize("path", ["/index.html%00.png", "/x%00.png", "/" + "a" * 5_000 + ".js", "/%ed%a0%80.css"])
async def test_path_that_no_file_has_is_not_found(server: Served, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert await _status(server.url, request.encode()) == 404


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip;q=0.x", True), ("gzip;q=", True), ("gzip; Q=0", False), ("gzip;q=0.000", False), ("*;q=0", False),
     ("gzip;q=nan", True), ("*;q=0, gzip;q=0.1", True), ("GZIP", True), ("identity;q=0.5", False)],
)  # fmt: skip
async def test_weights_of_encodings_are_read_and_broken_ones_passed_over(
    carol: httpx.AsyncClient, carols: dict[str, Any], accepted: str, *, compressed: bool
) -> None:
    answer = await carol.get(f"/api/analytics/{carols['id']}", headers={"accept-encoding": accepted})
    assert (answer.status_code, answer.headers.get("content-encoding") == "gzip") == (200, compressed)


@pytest.mark.parametrize("stretch", ["from=0001-01-01&to=9999-12-31", "to=9999-12-31T23:59:59-14:00", "from=%ed%a0%80"])
async def test_times_at_the_ends_of_the_calendar_are_answered(
    carol: httpx.AsyncClient, carols: dict[str, Any], stretch: str
) -> None:
    answer = await carol.get(f"/api/analytics/{carols['id']}/series?{stretch}")
    assert answer.status_code in {200, 400}, answer.text


async def test_text_that_is_not_of_the_chosen_encoding_is_refused(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/api/datasets/preview", data={"encoding": "utf-16"}, files={"file": ("s.csv", SALES)})
    problem(answer, 422, "malformed_file")


async def _status(url: str, request: bytes) -> int:
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(request)
    await writer.drain()
    line = await asyncio.wait_for(reader.readline(), 20)
    writer.close()
    return int(line.split()[1])
