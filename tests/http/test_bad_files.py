"""Issue 2, point 7: every bad file gets a clear message, by preview at once and by upload as the dataset's failure."""

import csv
import gzip
import io
from pathlib import Path

import httpx
import pytest

from tests.support.served import DAILY, Served, dataset, problem, served, upload

NO_NUMBER = b"date,name\n2024-01-01,anna\n2024-01-02,bert\n2024-01-03,carl\n"
CASES = [
    pytest.param(b"", "empty_file", id="empty"),
    pytest.param(b"\n\n \n", "empty_file", id="blank lines only"),
    pytest.param(b"date,revenue\n", "no_data_rows", id="header only"),
    pytest.param(b"name,revenue\nanna,1\nbert,2\ncarl,3\n", "no_time_column", id="no time column"),
    pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary_file", id="binary named csv"),
]
BROKEN_JSON = b'{"date": "2024-01-01", "value": '


@pytest.mark.parametrize(("content", "code"), CASES)
async def test_a_preview_of_a_bad_file_says_what_is_wrong(ada: httpx.AsyncClient, content: bytes, code: str) -> None:
    answer = await ada.post("/api/datasets/preview", files={"file": ("data.csv", content)})
    problem(answer, 422, code)


async def test_a_file_without_numbers_is_counted_and_refused_where_it_is_to_be_read_as_it_is(
    ada: httpx.AsyncClient,
) -> None:
    counted = await dataset(ada, NO_NUMBER)
    assert (counted["status"], [metric["name"] for metric in counted["metrics"]]) == ("cached", ["rows"])
    refused = await dataset(ada, NO_NUMBER, shape="as_is")
    assert (refused["status"], refused["failure"]["code"]) == ("failed", "no_numeric_column")


@pytest.mark.parametrize(
    ("content", "code"), [*CASES, pytest.param(BROKEN_JSON, "malformed_file", id="broken JSON, read whole")]
)
async def test_an_uploaded_bad_file_fails_with_its_reason(ada: httpx.AsyncClient, content: bytes, code: str) -> None:
    answer = await ada.post("/api/datasets/upload", files={"file": ("data.csv", content)})
    if answer.status_code != 200:  # what needs no reading is refused at once
        problem(answer, 422, code)
        return
    failed = await dataset(ada, content, "data.csv")
    assert failed["status"] == "failed"
    assert failed["failure"]["code"] == code
    assert len(failed["failure"]["message"]) > 10
    refused = await ada.get(f"/api/analytics/{failed['id']}")
    body = problem(refused, 409, "dataset_not_ready")
    assert body["failure"] == code
    assert failed["failure"]["message"] in body["detail"]


@pytest.mark.parametrize(
    "fields", [{"timeColumn": "when"}, {"metricColumn": "turnover"}, {"timeColumn": "date", "metricColumn": "profit"}]
)
async def test_a_column_that_is_not_there_is_named_with_those_that_are(
    ada: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    answer = await ada.post(
        "/api/datasets/preview", data=fields, files={"file": ("s.csv", b"date,revenue\n2024-01-01,1\n2024-01-02,2\n")}
    )
    body = problem(answer, 422, "column_not_found")
    assert body["columns"] == ["date", "revenue"]
    refused = await upload(ada, b"date,revenue\n2024-01-01,1\n2024-01-02,2\n", **fields)
    assert problem(refused, 422, "column_not_found")["columns"] == ["date", "revenue"]


async def test_rows_that_cannot_be_read_are_counted_and_kept_with_line_column_value_and_reason(
    ada: httpx.AsyncClient,
) -> None:
    lines = DAILY.splitlines()
    lines[2], lines[4] = b"2024-01-02,eleven", b"soon,13"
    done = await dataset(ada, b"\n".join(lines))
    assert done["status"] == "cached"
    assert done["rejectedRows"] == 2
    answer = await ada.get(f"/api/datasets/{done['id']}/rejects")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head == ["line", "column", "value", "reason"]
    assert [row[:3] for row in rows] == [["3", "visits", "eleven"], ["5", "date", "soon"]]
    assert all(row[3] for row in rows)


async def test_rejects_of_a_file_that_was_not_read_are_not_found(ada: httpx.AsyncClient) -> None:
    failed = await dataset(ada, b"date,revenue\n")
    problem(await ada.get(f"/api/datasets/{failed['id']}/rejects"), 404, "not_found")


async def test_a_failed_dataset_can_be_read_again_and_mended_by_a_new_version(ada: httpx.AsyncClient) -> None:
    failed = await dataset(ada, b"date,revenue\n")
    again = await ada.post(f"/api/datasets/{failed['id']}/reprocess")
    assert again.json()["status"] == "processing"
    mended = await dataset(ada, datasetId=failed["id"])
    assert (mended["version"], mended["status"], mended["failure"]) == (2, "cached", None)


async def test_a_compressed_file_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    rows = b"date,visits\n" + b"2024-01-01,1\n" * 200_000
    async with served(tmp_path, max_unpacked_bytes=100_000) as small:
        ada = await small.user()
        failed = await dataset(ada, gzip.compress(rows), "bomb.csv.gz")
        assert failed["status"] == "failed"
        assert "100,000" in failed["failure"]["message"] or "unpack" in failed["failure"]["message"].lower()


async def test_the_limits_are_told_before_anything_is_sent(server: Served, ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/api/datasets/limits")
    assert answer.json()["maxUploadBytes"] == server.running.settings.max_upload_bytes
    assert answer.json()["previewBytes"] > 0
