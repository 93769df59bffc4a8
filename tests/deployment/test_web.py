"""What Nginx adds to the product, and what it must not change."""

import asyncio
import subprocess
from pathlib import Path

import httpx
import pytest

from entrypoints.http.middleware import CONTENT_SECURITY_POLICY, HSTS, SECURITY_HEADERS
from tests.deployment.conftest import INDEX, SCRIPT, START, environment, nginx, refused
from tests.support.served import DAILY, PASSWORD, Served, problem, settled
from tests.support.server_process import free_port

SCRIPT_PATH = "/assets/index-Ka-Zk27X.js"


@pytest.mark.parametrize(
    "path", ["/", "/datasets/some-id", SCRIPT_PATH, "/nothing.png", "/assets/nothing.js", "/metrics"]
)
async def test_the_page_has_the_security_headers_of_the_api(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers={"accept-encoding": "identity"})
    for name, value in SECURITY_HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()], name


async def test_an_answer_of_the_api_has_its_headers_once(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/health/live")
    for name, value in SECURITY_HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()], name
    assert len(answer.headers.get_list("x-request-id")) == 1


async def test_paths_of_the_page_and_files_that_are_not_there(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/datasets", "/datasets/some-id"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, INDEX, "no-cache")
        assert answer.headers["content-type"].startswith("text/html")
    problem(await browser.get("/api/nothing"), 404, "route_not_found")
    for path in ("/nothing.png", "/assets/nothing.js", "/metrics", "/.br/js/assets/index-Ka-Zk27X.js.br"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_assets_are_kept_for_ever_and_sent_as_they_were_compressed(browser: httpx.AsyncClient) -> None:
    for accepted, encoding, size in (
        ("identity", None, len(SCRIPT)),
        ("gzip", "gzip", len(b"gzip, says its name")),
        ("gzip, deflate, br", "br", len(b"brotli, says its name")),
    ):
        async with browser.stream("GET", SCRIPT_PATH, headers={"accept-encoding": accepted}) as answer:
            assert answer.status_code == 200
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["content-length"] == str(size)
            assert answer.headers["content-type"].startswith("text/javascript")
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "Accept-Encoding"


async def test_a_request_keeps_its_id_and_a_bad_one_gets_a_new_one(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/api/health/live"):
        assert (await browser.get(path, headers={"x-request-id": "mine-1"})).headers["x-request-id"] == "mine-1"
        new = (await browser.get(path, headers={"x-request-id": 'a"b'})).headers["x-request-id"]
        assert '"' not in new
        assert len(new) == 32


async def test_the_api_counts_the_visitors_and_not_nginx(browser: httpx.AsyncClient) -> None:
    async def register(number: int, address: str) -> int:
        account = {"email": f"{address}-{number}@example.com", "password": PASSWORD}
        answer = await browser.post("/api/auth/register", json=account, headers={"x-forwarded-for": address})
        return answer.status_code

    assert [await register(number, "192.0.2.1") for number in range(4)] == [201, 201, 201, 429]
    assert await register(0, "192.0.2.2") == 201
    assert await register(5, "192.0.2.9, 192.0.2.1") == 429  # what the visitor made up stands before it


async def test_an_upload_and_its_events_pass_through(browser: httpx.AsyncClient, api: Served) -> None:
    user = await api.user("through@example.com")
    browser.headers["authorization"] = user.headers["authorization"]
    rows = b"date,visits\n" + DAILY.split(b"\n", 1)[1] + b"2025-01-01,5\n" * 100_000  # more than Nginx holds in memory
    answer = await browser.post("/api/datasets/upload", files={"file": ("visits.csv", rows)})
    assert answer.status_code == 200, answer.text
    assert (await settled(browser, answer.json()["datasetId"]))["status"] == "cached"


async def test_the_first_bytes_of_an_upload_arrive_before_the_last(web: str, api: Served) -> None:
    token = (await api.user("slow@example.com")).headers["authorization"]
    host, port = web.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /api/datasets/upload HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="nonsense"\r\n\r\n1\r\n--b\r\n'
    )
    writer.write(head.encode())
    status = await asyncio.wait_for(reader.readline(), 30)  # an unknown field: refused before the rest was sent
    writer.close()
    assert b"400" in status


async def test_a_flood_is_refused_with_a_problem(tmp_path: Path, api: Served) -> None:
    api_at = api.url.removeprefix("http://")
    with nginx(tmp_path, WEB_API=api_at, WEB_REQUESTS_PER_SECOND="1") as server:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", verify=False) as client:
            answers = [await client.get("/api/health/live") for _ in range(30)]
            refusals = [answer for answer in answers if answer.status_code == 429]
            assert refusals
            assert refusals[0].json()["code"] == "rate_limited"
            assert refusals[0].headers["retry-after"] == "5"
            assert (await client.get("/")).status_code == 200


async def test_no_api_is_a_problem_that_says_when_to_come_back(tmp_path: Path) -> None:
    with nginx(tmp_path, WEB_API="127.0.0.1:9") as server:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", verify=False) as client:
            answer = await client.get("/api/datasets", headers={"x-request-id": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["requestId"] == answer.headers["x-request-id"] == "mine"


def self_signed(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key", folder / "certificate"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, certificate


async def test_tls_and_the_buckets_origin_are_settings(tmp_path: Path) -> None:
    key, certificate = self_signed(tmp_path)
    bucket = "https://files.s3.eu-central-1.amazonaws.com"
    port = free_port()
    tls = {"WEB_TLS": "on", "WEB_TLS_CERTIFICATE": str(certificate), "WEB_TLS_KEY": str(key)}
    with nginx(tmp_path / "web", WEB_CONNECT_ORIGINS=bucket, WEB_LISTEN_TLS=f"127.0.0.1:{port}", **tls) as server:
        async with httpx.AsyncClient(verify=False) as client:
            redirect = await client.get(f"http://127.0.0.1:{server.port}/datasets?a=b")
            page = await client.get(f"https://127.0.0.1:{port}/")
    assert (redirect.status_code, redirect.headers["location"]) == (308, "https://127.0.0.1/datasets?a=b")
    assert page.headers["strict-transport-security"] == HSTS
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY.replace(
        "connect-src 'self'", f"connect-src 'self' {bucket}"
    )


def test_wrong_settings_are_named_and_cannot_write_configuration(tmp_path: Path) -> None:
    assert "WEB_CONNECT_ORIGINS" in refused(tmp_path, WEB_CONNECT_ORIGINS="https://x; script-src *")
    assert "WEB_TRUSTED_PROXIES" in refused(tmp_path, WEB_TRUSTED_PROXIES="10.0.0.0/8; }")
    assert "WEB_MAX_UPLOAD_BYTES" in refused(tmp_path, WEB_MAX_UPLOAD_BYTES="2g")
    assert "tls_certificate" in refused(tmp_path, WEB_TLS="on")


def test_nginx_finds_nothing_wrong_with_its_configuration(tmp_path: Path) -> None:
    told = environment(tmp_path, WEB_TRUSTED_PROXIES="10.0.0.0/8,192.168.1.1")
    done = subprocess.run([START, "test"], env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
