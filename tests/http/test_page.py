"""The page, its headers, and the documentation without any other server."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from entrypoints.http.openapi import rendered
from tests.support.served import Served, problem, served

INDEX = b"<!doctype html><title>Driftline</title>"
SCRIPT = b"console.log('hello')"


@pytest.fixture(scope="session")
async def built(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("built")
    page = folder / "frontend"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_bytes(INDEX)
    (page / "favicon.svg").write_bytes(b"<svg/>")
    script = page / "assets" / "index-Ka-Zk27X.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name(script.name + ".br").write_bytes(b"brotli, says its name")
    (folder / "secret.txt").write_text("not for you")
    (page / "link.txt").symlink_to(folder / "secret.txt")
    async with served(folder / "data", frontend_dir=page) as running:
        yield running


@pytest.fixture
async def browser(built: Served) -> httpx.AsyncClient:
    return await built.client()


@pytest.mark.parametrize("path", ["/", "/index.html", "/datasets", "/datasets/some-id/analyses", "/login?next=%2F"])
async def test_the_page_is_served_for_every_path_of_its_own(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.content == INDEX
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_hashed_asset_is_kept_for_ever_and_compressed_beforehand(browser: httpx.AsyncClient) -> None:
    path = "/assets/index-Ka-Zk27X.js"
    plain = await browser.get(path, headers={"accept-encoding": "identity"})
    assert plain.content == SCRIPT
    assert plain.headers["content-type"].startswith("text/javascript")
    assert "immutable" in plain.headers["cache-control"]
    assert plain.headers["vary"] == "Accept-Encoding"
    zipped = await browser.get(path, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == SCRIPT
    async with browser.stream("GET", path, headers={"accept-encoding": "gzip, br"}) as smaller:
        assert smaller.headers["content-encoding"] == "br"


async def test_a_file_that_is_not_hashed_is_asked_for_anew(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/favicon.svg")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "image/svg+xml"
    again = await browser.get("/favicon.svg", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_missing_asset_is_not_the_page(browser: httpx.AsyncClient) -> None:
    problem(await browser.get("/assets/index-gone1234.js"), 404, "route_not_found")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/link.txt", "//etc/passwd"]
)
async def test_nothing_outside_the_build_is_served(browser: httpx.AsyncClient, path: str) -> None:
    request = browser.build_request("GET", "/")
    request.url = httpx.URL(str(browser.base_url).rstrip("/") + "/").copy_with(raw_path=path.encode())
    answer = await browser.send(request)
    assert b"not for you" not in answer.content
    assert b"root:" not in answer.content


async def test_head_is_answered_without_a_body(browser: httpx.AsyncClient) -> None:
    answer = await browser.head("/")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(INDEX))


async def test_without_a_build_a_page_says_what_to_do(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/")
    assert answer.status_code == 503
    assert "has not been built yet" in answer.text
    assert "make run" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/assets/index-Ka-Zk27X.js", "/api/nope", "/api/health/live", "/api/docs", "/metrics"]
)
async def test_every_answer_carries_the_security_headers(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"]
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers  # plain HTTP


async def test_another_site_gets_no_permission(browser: httpx.AsyncClient) -> None:
    answer = await browser.options(
        "/api/auth/login", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in answer.headers


async def test_a_form_on_another_site_cannot_sign_anybody_in(browser: httpx.AsyncClient) -> None:
    body = {"email": "mallory@example.com", "password": "correct horse battery"}
    answer = await browser.post("/api/auth/login", json=body, headers={"sec-fetch-site": "cross-site"})
    problem(answer, 403, "cross_site")
    assert (await browser.get("/", headers={"sec-fetch-site": "cross-site"})).status_code == 200  # a link is fine


async def test_answers_of_the_api_are_not_stored_unless_they_say_so(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/api/health/live")).headers["cache-control"] == "no-store"


async def test_the_api_page_works_without_any_other_server(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/api/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sources
    for source in sources:
        if source != "data:,":
            assert source.startswith("/api/")
            assert (await browser.get(source)).status_code == 200
    assert "<script>" not in page.text  # the policy would not run it


async def test_the_document_is_served_as_it_is_committed(browser: httpx.AsyncClient) -> None:
    committed = Path(__file__).parents[2] / "frontend" / "src" / "api" / "openapi.json"
    assert rendered() == committed.read_bytes(), "run: make api-types"
    assert (await browser.get("/api/openapi.json")).content == rendered()


def test_every_operation_is_named_explained_and_lists_its_problems() -> None:
    document = json.loads(rendered())
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        for status, answer in operation["responses"].items():
            if status == "default" or status.startswith(("4", "5")):
                assert set(answer["content"]) <= {"application/problem+json", "application/json"}
                assert status == "503" or "application/problem+json" in answer["content"]
