"""The product owner's specification in the embedded profile, and what it says of calls that come early."""

import json
from pathlib import Path

import httpx
import pytest

from tests.support.served import SALES, Served, problem, served, upload
from tests.support.specification import plays_the_specification


async def test_api_answers_as_the_specification_says(server: Served) -> None:
    await plays_the_specification(server, "owner@example.com")


async def test_analysis_asked_for_straight_after_an_upload_waits_and_of_a_broken_file_says_why(
    ada: httpx.AsyncClient,
) -> None:
    made = (await upload(ada, b"date,v\nnever,1\nat no time,2\n")).json()
    answer = await ada.post("/api/analytics/run", json={"datasetId": made["datasetId"]})
    body = problem(answer, 409, "dataset_not_ready")
    assert body["status"] == 409
    assert body["failure"]
    assert "retry-after" not in answer.headers


async def test_analysis_of_a_dataset_in_work_says_when_to_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entrypoints.http.waiting.WAIT_SECONDS", 0.2)
    async with served(tmp_path) as server:
        ada = await server.user()
        server.app.state.working.cancel()  # no worker runs
        made = (await upload(ada)).json()
        for answer in (
            await ada.post("/api/analytics/run", json={"datasetId": made["datasetId"]}),
            await ada.get(f"/api/analytics/{made['datasetId']}"),
        ):
            problem(answer, 409, "dataset_not_ready")
            assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("kind", ["ndjson", "array"])
async def test_column_that_only_later_records_have_is_no_wrong_name(ada: httpx.AsyncClient, kind: str) -> None:
    records: list[dict[str, object]] = [{"t": f"2024-01-{1 + n % 28:02}", "a": n} for n in range(3_500)]
    records[-1]["late"] = 7
    content = json.dumps(records) if kind == "array" else "\n".join(map(json.dumps, records))
    answer = await upload(ada, content.encode(), "records.json", metricColumn="late")
    assert answer.status_code == 200, answer.text
    refused = await upload(ada, content.encode(), "records.json", metricColumn="never")
    assert problem(refused, 422, "column_not_found")["columns"] == ["t", "a"]


async def test_column_types_are_checked_before_the_answer(ada: httpx.AsyncClient) -> None:
    refused = await upload(ada, SALES, columnType="number:revenu")
    assert problem(refused, 422, "column_not_found")["column"] == "revenu"


async def test_pages_of_other_origins_are_refused_unless_the_settings_name_them(tmp_path: Path) -> None:
    page = {"origin": "https://app.example.com", "sec-fetch-site": "cross-site"}
    ask = {**page, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    async with served(tmp_path / "off") as server:
        client = await server.client()
        refused = await client.post("/api/auth/register", json=account, headers=page)
        problem(refused, 403, "cross_site")
        assert not [name for name in refused.headers if name.startswith("access-control")]
    async with served(tmp_path / "on", cors_origins="https://app.example.com, https://b.example.com") as server:
        client = await server.client()
        allowed = await client.options("/api/auth/register", headers=ask)
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, page["origin"])
        assert "POST" in allowed.headers["access-control-allow-methods"]
        answer = await client.post("/api/auth/register", json=account, headers=page)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (201, page["origin"])
        assert "ETag" in answer.headers["access-control-expose-headers"]
        other = {**page, "origin": "https://evil.example"}
        problem(await client.post("/api/auth/login", json=account, headers=other), 403, "cross_site")
