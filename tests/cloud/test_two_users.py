"""Two users of the cloud profile: what belongs to the other does not exist, cached or not, in any store."""

from typing import Any

import httpx
import pytest

from tests.http.test_ownership import CALLS
from tests.support.served import SALES, Served, dataset, problem, upload
from tests.support.served import until_async as until

NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
async def olga(cloud_product: Served) -> httpx.AsyncClient:
    return await cloud_product.user("olga@example.com")


@pytest.fixture(scope="module")
async def pete(cloud_product: Served) -> httpx.AsyncClient:
    return await cloud_product.user("pete@example.com")


@pytest.fixture(scope="module")
async def olgas(olga: httpx.AsyncClient) -> dict[str, Any]:
    return await dataset(olga, SALES, datasetName="Olga's")


async def test_no_call_tells_anything_of_somebody_elses_dataset_nor_changes_it(
    olga: httpx.AsyncClient, olgas: dict[str, Any], pete: httpx.AsyncClient
) -> None:
    at = f"/api/analytics/{olgas['id']}?metric=revenue"
    assert (await olga.get(at)).headers["x-cache"] == "hit"
    for method, path, body in [*CALLS, ("POST", "/api/reports/generate", {"datasetId": "{id}", "metric": "revenue",
                                                                         "format": "json"})]:  # fmt: skip
        answers = []
        for identity in (olgas["id"], NOBODYS):
            sent = {name: identity if value == "{id}" else value for name, value in body.items()} if body else None
            answer = await pete.request(method, path.replace("{id}", identity), json=sent)
            answers.append(problem(answer, 404, "dataset_not_found")["detail"])
        assert answers[0] == answers[1], path
    problem(await upload(pete, SALES, datasetId=olgas["id"]), 404, "dataset_not_found")
    assert (await pete.get("/api/datasets")).json()["total"] == 0
    assert (await olga.get(f"/api/datasets/{olgas['id']}")).json() == olgas
    assert (await olga.get(at)).headers["x-cache"] == "hit"


async def test_nobody_reads_hands_on_or_deletes_somebody_elses_report(
    olga: httpx.AsyncClient, olgas: dict[str, Any], pete: httpx.AsyncClient
) -> None:
    asked = {"datasetId": olgas["id"], "metric": "revenue", "format": "json"}
    at = f"/api/reports/{(await olga.post('/api/reports/generate', json=asked)).json()['reportId']}"

    async def made() -> bool:
        return (await olga.get(at)).status_code == 200

    await until(made)
    for method, path in (
        ("GET", at), ("GET", f"{at}/status"), ("GET", f"{at}/events"), ("GET", f"{at}/link"), ("DELETE", at),
    ):  # fmt: skip
        problem(await pete.request(method, path), 404, "report_not_found")
    assert (await pete.get("/api/reports")).json()["total"] == 0
    assert (await olga.get(at)).status_code == 200
