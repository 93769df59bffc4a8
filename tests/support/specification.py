"""The product owner's specification of the API, played call by call: paths, fields and codes."""

from typing import Any

import httpx

from tests.support.served import PASSWORD, SALES, Served, problem

TYPES = {"z-score", "iqr", "robust-z-score", "rolling-band", "seasonal-residual", "level-shift", "flatline"}
SUMMARY = {"mean", "median", "stdDev", "min", "max"}


async def plays_the_specification(product: Served, email: str) -> tuple[str, str, httpx.AsyncClient]:
    """Register, sign in, upload, analyse, report; return the ids of user and dataset, and the client."""
    client = await product.client()
    user = await _account(client, email)
    dataset = await _upload(client)
    await _analysis(client, dataset)
    await _report(client, dataset)
    await _refusals(product, client, dataset)
    return user, dataset, client


async def _account(client: httpx.AsyncClient, email: str) -> str:
    account = {"email": email, "password": PASSWORD}
    answer = await client.post("/api/auth/register", json=account)
    assert (answer.status_code, set(answer.json())) == (201, {"id", "email", "createdAt"})
    user: str = answer.json()["id"]
    problem(await client.post("/api/auth/register", json=account), 409, "email_taken")
    answer = await client.post("/api/auth/login", json=account)
    assert answer.status_code == 200
    assert answer.json().keys() == {"accessToken", "tokenType", "expiresIn"}
    client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
    return user


async def _upload(client: httpx.AsyncClient) -> str:
    fields = {"datasetName": "Sales", "timeColumn": "date", "metricColumn": "revenue"}
    answer = await client.post("/api/datasets/upload", data=fields, files={"file": ("sales.csv", SALES)})
    assert answer.status_code == 200
    body = answer.json()
    assert body == {"datasetId": body["datasetId"], "datasetName": "Sales", "version": 1, "status": "processing"}
    dataset: str = body["datasetId"]
    return dataset


async def _analysis(client: httpx.AsyncClient, dataset: str) -> None:
    # Straight after the upload: the call waits for the processing.
    answer = await client.post("/api/analytics/run", json={"datasetId": dataset, "metric": "revenue"})
    assert answer.status_code == 200, answer.text
    _is_an_analysis(answer.json(), dataset)
    answer = await client.get(f"/api/analytics/{dataset}", params={"metric": "revenue"})
    assert (answer.status_code, answer.headers["x-cache"]) == (200, "hit")
    _is_an_analysis(answer.json(), dataset)
    shown = (await client.get(f"/api/datasets/{dataset}")).json()
    assert shown["status"] == "cached"
    assert [column["name"] for column in shown["columns"]] == ["date", "revenue", "orders"]
    listed = (await client.get("/api/datasets")).json()
    assert [one["id"] for one in listed["items"]] == [dataset]


def _is_an_analysis(body: dict[str, Any], dataset: str) -> None:
    assert (body["datasetId"], body["metric"]) == (dataset, "revenue")
    assert body["summary"].keys() >= SUMMARY
    assert [one["date"] for one in body["anomalies"]] == ["2024-01-03", "2024-01-15", "2024-01-27"]
    for anomaly in body["anomalies"]:
        assert anomaly.keys() >= {"date", "value", "type", "severity"}
        assert anomaly["type"] in TYPES
        assert {method["name"] for method in anomaly["methods"]} <= TYPES
    assert body["insights"]


async def _report(client: httpx.AsyncClient, dataset: str) -> None:
    answer = await client.post("/api/reports/generate", json={"datasetId": dataset, "metric": "revenue"})
    assert answer.status_code == 200
    report = answer.json()
    assert report.keys() >= {"reportId", "url"}
    assert report["format"] == "pdf"
    async with client.stream("GET", f"{report['url']}/events") as events:
        async for _ in events.aiter_lines():
            pass
    document = await client.get(report["url"])
    assert (document.status_code, document.headers["content-type"]) == (200, "application/pdf")
    assert document.content.startswith(b"%PDF-")


async def _refusals(product: Served, client: httpx.AsyncClient, dataset: str) -> None:
    for name in ("timeColumn", "metricColumn"):
        fields = {"datasetName": "Wrong", name: "revenu"}
        refused = await client.post("/api/datasets/upload", data=fields, files={"file": ("sales.csv", SALES)})
        assert problem(refused, 422, "column_not_found")["columns"] == ["date", "revenue", "orders"]
    assert (await client.get("/api/datasets")).json()["total"] == 1  # nothing is left of a refused upload
    unknown = await client.get(f"/api/analytics/{dataset}", params={"metric": "revenu"})
    assert problem(unknown, 404, "metric_not_found")["metrics"] == ["revenue"]
    problem(await (await product.client()).get("/api/datasets"), 401, "unauthenticated")
    other = await product.user(f"other-{dataset}@example.com")
    for path in (f"/api/datasets/{dataset}", f"/api/analytics/{dataset}"):
        problem(await other.get(path), 404, "dataset_not_found")
