"""Multipart forms: fields in any order, limits, broken forms, people who hang up."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.served import DAILY, SALES, Served, dataset, problem, served, settled, until, upload

BOUNDARY = "x-boundary-x"
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name: str, content: bytes, *, file_name: str | None = None) -> bytes:
    named = f'; filename="{file_name}"' if file_name is not None else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()
FILE = part("file", SALES, file_name="sales.csv")
NAME = part("datasetName", b"Sales")


async def send(client: httpx.AsyncClient, form: bytes, path: str = "/api/datasets/upload") -> httpx.Response:
    return await client.post(path, content=form, headers=FORM)


@pytest.mark.parametrize("form", [NAME + FILE + END, FILE + NAME + END], ids=["fields first", "file first"])
async def test_fields_may_come_before_or_after_the_file(ada: httpx.AsyncClient, form: bytes) -> None:
    answer = await send(ada, form)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"datasetId", "datasetName", "version", "status"}
    assert body["datasetName"] == "Sales"
    assert body["version"] == 1
    kept = await settled(ada, body["datasetId"])
    assert kept["sha256"] == hashlib.sha256(SALES).hexdigest()
    assert kept["sizeBytes"] == len(SALES)
    assert kept["fileName"] == "sales.csv"


async def test_a_file_alone_is_enough_and_its_name_becomes_the_datasets(ada: httpx.AsyncClient) -> None:
    assert (await send(ada, FILE + END)).json()["datasetName"] == "sales.csv"


@pytest.mark.parametrize("file_first", [False, True])
async def test_a_dataset_id_makes_the_next_version(ada: httpx.AsyncClient, *, file_first: bool) -> None:
    first = await dataset(ada)
    which = part("datasetId", first["id"].encode())
    answer = await send(ada, FILE + which + END if file_first else which + FILE + END)
    assert answer.json()["datasetId"] == first["id"]
    assert answer.json()["version"] == 2
    await settled(ada, first["id"])
    versions = (await ada.get(f"/api/datasets/{first['id']}/versions")).json()["items"]
    assert [version["version"] for version in versions] == [2, 1]


async def test_a_dataset_id_after_the_file_and_after_other_fields_is_refused(
    server: Served, ada: httpx.AsyncClient
) -> None:
    first = await dataset(ada)
    before = server.blobs()
    answer = await send(ada, NAME + FILE + part("datasetId", first["id"].encode()) + END)
    assert problem(answer, 400, "invalid_input")["field"] == "datasetId"
    assert server.blobs() == before


async def test_a_file_may_arrive_in_the_smallest_pieces(ada: httpx.AsyncClient) -> None:
    form = NAME + FILE + END

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(form), 3):
            yield form[at : at + 3]

    answer = await ada.post("/api/datasets/upload", content=pieces(), headers=FORM)
    assert (await settled(ada, answer.json()["datasetId"]))["sha256"] == hashlib.sha256(SALES).hexdigest()


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (NAME + END, "file", "No file was sent"),
        (END, "file", "No file was sent"),
        (FILE + FILE + END, "file", "Two files"),
        (NAME + FILE + FILE + END, "file", "Two files"),
        (part("file", SALES, file_name="") + END, "file", "empty file name"),
        (part("file", SALES) + END, "file", "empty file name"),
        (part("data", SALES, file_name="sales.csv") + END, "data", "name the part 'file'"),
        (part("datasetNam", b"Sales") + FILE + END, "datasetNam", "unknown field"),
        (FILE + part("datasetNam", b"Sales") + END, "datasetNam", "unknown field"),
        (NAME + NAME + FILE + END, "datasetName", "twice"),
        (part("datasetName", b"\xff\xfe") + FILE + END, "datasetName", "UTF-8"),
        (part("datasetName", b"x" * 70_000) + FILE + END, "datasetName", "longer"),
        (part("datasetName", b"x" * 201) + FILE + END, "datasetName", "201"),
        (part("timeZone", b"Mars/Olympus") + FILE + END, "timeZone", "Mars/Olympus"),
        (part("dayFirst", b"maybe") + FILE + END, "dayFirst", "true or false"),
        (part("delimiter", b"||") + FILE + END, "delimiter", "one character"),
        (part("headerLine", b"first") + FILE + END, "headerLine", "whole number from 0"),
        (part("format", b"docx") + FILE + END, "format", "choose one of csv, tsv, json"),
        (part("encoding", b"ebcdic") + FILE + END, "encoding", "choose one of utf-8"),
        (part("columnType", b"revenue") + FILE + END, "columnType", "choose one of time, number"),
        (part("columnType", b"number:") + FILE + END, "columnType", "number:revenue"),
        (NAME + FILE, "file", "no complete multipart form"),
        (NAME + FILE[:-20], "file", "no complete multipart form"),
        (b"hello", "file", "no complete multipart form"),
    ],
)
async def test_a_wrong_form_is_refused_with_its_reason_and_leaves_nothing(
    server: Served, ada: httpx.AsyncClient, form: bytes, field: str, words: str
) -> None:
    before = server.blobs()
    found = problem(await send(ada, form), 400, "invalid_input")
    assert found["field"] == field
    assert words in found["detail"]
    assert server.blobs() == before
    assert (await ada.get("/api/datasets")).json()["total"] == 0


@pytest.mark.parametrize(
    ("content_type", "words"),
    [
        ("multipart/form-data", "boundary"),
        ("multipart/form-data; boundary=", "boundary"),
        ("application/json", "multipart/form-data"),
        ("text/csv", "multipart/form-data"),
    ],
)
async def test_a_body_that_is_no_form_is_refused(ada: httpx.AsyncClient, content_type: str, words: str) -> None:
    answer = await ada.post("/api/datasets/upload", content=FILE + END, headers={"content-type": content_type})
    assert words in problem(answer, 400, "invalid_input")["detail"]


async def test_an_upload_without_a_token_is_refused_before_its_body_is_read(anonymous: httpx.AsyncClient) -> None:
    problem(await send(anonymous, NAME + FILE + END), 401, "unauthenticated")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\Users\\me\\sales.csv", "/etc/cron.d/x", "a\x00b.csv", "…/ü.csv"]
)
async def test_a_clients_file_name_never_becomes_a_path(server: Served, ada: httpx.AsyncClient, name: str) -> None:
    answer = await upload(ada, SALES, name)
    assert answer.status_code == 200, answer.text
    kept = await settled(ada, answer.json()["datasetId"])
    assert "/" not in kept["fileName"]
    assert "\\" not in kept["fileName"]
    assert all("passwd" not in path and "sales" not in path for path in server.blobs())


async def test_a_file_over_the_limit_is_refused_while_it_streams(tmp_path: Path) -> None:
    async with served(tmp_path, max_upload_bytes=10_000) as server:
        ada = await server.user()

        async def large() -> AsyncIterator[bytes]:
            yield NAME + FILE[:-2]
            for _ in range(1000):
                yield b"2024-02-01,1,1\n" * 1000

        answer = await ada.post("/api/datasets/upload", content=large(), headers=FORM)
        assert problem(answer, 413, "upload_too_large")["limitBytes"] == 10_000
        assert server.blobs() == []
        assert (await ada.get("/api/datasets")).json()["total"] == 0


@pytest.mark.parametrize("file_first", [False, True])
async def test_a_file_one_byte_over_the_limit_is_refused_and_at_the_limit_is_not(
    tmp_path: Path, *, file_first: bool
) -> None:
    async with served(tmp_path, max_upload_bytes=len(DAILY)) as server:
        ada = await server.user()
        fits = part("file", DAILY, file_name="daily.csv")
        over = part("file", DAILY + b"\n", file_name="daily.csv")
        assert (await send(ada, fits + NAME + END if file_first else NAME + fits + END)).status_code == 200
        answer = await send(ada, over + NAME + END if file_first else NAME + over + END)
        assert problem(answer, 413, "upload_too_large")["limitBytes"] == len(DAILY)


async def test_an_announced_length_over_the_limit_is_refused_up_front(tmp_path: Path) -> None:
    async with served(tmp_path, max_upload_bytes=10_000) as server:
        ada = await server.user()
        head = (
            f"POST /api/datasets/upload HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n"
            f"Content-Type: {FORM['content-type']}\r\nContent-Length: 5000000000\r\n\r\n"
        )
        reader, writer = await connect(server)
        writer.write(head.encode())
        status = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        await writer.wait_closed()
    assert b"413" in status


@pytest.mark.parametrize("file_first", [False, True])
async def test_hanging_up_half_way_leaves_nothing_behind(
    server: Served, ada: httpx.AsyncClient, *, file_first: bool
) -> None:
    before = server.blobs()
    _, writer = await connect(server)
    form = FILE[:-2] if file_first else NAME + FILE[:-2]
    writer.write(
        f"POST /api/datasets/upload HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n"
        f"Content-Type: {FORM['content-type']}\r\nContent-Length: 1000000\r\n\r\n".encode()
        + form
    )
    await writer.drain()
    assert await until(lambda: server.blobs() != before)  # the file has begun to arrive
    writer.close()
    await writer.wait_closed()
    assert await until(lambda: server.blobs() == before)
    assert (await ada.get("/api/datasets")).json()["total"] == 0


async def test_a_preview_tells_columns_and_keeps_nothing(server: Served, ada: httpx.AsyncClient) -> None:
    before = server.blobs()
    answer = await send(ada, FILE + END, "/api/datasets/preview")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["format"] == "csv"
    assert body["timeColumn"] == "date"
    assert body["metricColumns"] == ["revenue", "orders"]
    assert [column["name"] for column in body["columns"]] == ["date", "revenue", "orders"]
    assert body["columns"][1]["samples"]
    assert server.blobs() == before
    assert (await ada.get("/api/datasets")).json()["total"] == 0


async def test_what_is_said_of_a_file_is_kept_with_its_dataset_and_shown_by_the_preview(ada: httpx.AsyncClient) -> None:
    said = {"format": "csv", "encoding": "windows-1252", "columnType": ["text:orders", "number:revenue"]}
    content = "date,revenue,orders\n2024-01-01,24000,120 €\n2024-01-02,25500,130 €\n".encode("cp1252")
    answer = await ada.post("/api/datasets/preview", data=said, files={"file": ("s.csv", content)})
    body = answer.json()
    assert [column["type"] for column in body["columns"]] == ["time", "number", "text"]
    assert body["metricColumns"] == ["revenue"]
    assert body["rows"][0][2] == "120 €"
    ready = await dataset(ada, content, **said)
    assert ready["metricColumns"] == ["revenue"]
    assert (ready["parseOptions"]["encoding"], ready["parseOptions"]["format"]) == ("windows-1252", "csv")
    assert {"name": "orders", "type": "text"} in ready["parseOptions"]["columnTypes"]


async def test_a_preview_reads_only_the_head_of_a_large_file(ada: httpx.AsyncClient) -> None:
    rows = b"".join(
        b"2024-01-01T%02d:%02d:%02d,%d\n" % (i // 3600 % 24, i // 60 % 60, i % 60, i) for i in range(400_000)
    )
    answer = await send(ada, part("file", b"at,value\n" + rows, file_name="big.csv") + END, "/api/datasets/preview")
    assert answer.status_code == 200, answer.text
    assert answer.json()["timeColumn"] == "at"


async def test_a_presigned_upload_is_not_offered_here(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/api/datasets/upload-url", json={"datasetName": "a", "fileName": "a.csv", "sizeBytes": 3})
    assert "/api/datasets/upload" in problem(answer, 501, "unsupported")["detail"]
    assert (await ada.get("/api/datasets/limits")).json()["directUpload"] is False


async def connect(server: Served) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(server.url)
    return await asyncio.open_connection(where.hostname, where.port)
