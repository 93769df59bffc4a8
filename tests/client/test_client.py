"""The client against a real server: what it does, and what it says when something is wrong."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from typing_extensions import override

from domain.datasets.progress import Progress, Stage
from domain.datasets.table_schema import UploadMode
from domain.feedback.verdict import VerdictKind
from domain.reports.report import ReportFormat, ReportStage
from entrypoints.client.driftline import Driftline
from entrypoints.client.problems import ProblemError, ProcessingFailedError, UnreachableError, WaitedTooLongError
from entrypoints.http.schemas import DatasetResponse, ReportResponse
from tests.support.served import DAILY, PASSWORD, SALES, Served, signed_up
from tests.support.source_tree import ROOT


class Broken(httpx.HTTPTransport):
    """A network on which some paths do not work: cut, or refused once."""

    def __init__(self, *, cut: str = "", refuse_once: str = "") -> None:
        super().__init__(verify=False)
        self.cut = cut
        self.refuse_once = refuse_once
        self.asked: list[str] = []

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if self.cut and path.endswith(self.cut):
            raise httpx.ReadError("cut", request=request)
        if self.refuse_once and path.endswith(self.refuse_once):
            self.refuse_once = ""
            request.read()
            return httpx.Response(401, json={"code": "expired_token", "detail": "It has expired."})
        return super().handle_request(request)


def ready(client: Driftline, content: bytes = SALES, **reading: str) -> DatasetResponse:
    return client.wait(client.upload(content, name="Sales", **reading).dataset_id)  # type: ignore[arg-type] # one of Reading's texts


async def test_events_of_a_calendar_file_become_a_setting(ada: Driftline, tmp_path: Path) -> None:
    def journey() -> None:
        assert "DE" in {country.code for country in ada.countries()}
        path = tmp_path / "events.txt"
        path.write_text("2024-01-03 Sale")
        read = ada.read_calendar(path)
        assert ada.read_calendar("2024-01-03 Sale") == read
        analysis = ada.analysis(ready(ada).id, "revenue", events=read.events, country="none")
        assert analysis.settings.events == read.events
        assert 'The calendar has "Sale" on this day.' in analysis.anomalies[0].explanation

    await asyncio.to_thread(journey)


async def test_from_a_file_to_a_report(ada: Driftline, tmp_path: Path) -> None:
    def journey() -> None:
        path = tmp_path / "sales.csv"
        path.write_bytes(SALES)
        sent: list[tuple[int, int]] = []
        heard: list[Progress] = []
        uploaded = ada.upload(path, progress=lambda done, whole: sent.append((done, whole)))
        dataset = ada.wait(uploaded.dataset_id, version=1, progress=heard.append)
        assert (dataset.dataset_name, dataset.metric_columns) == ("sales.csv", ("revenue", "orders"))
        assert sent[-1] == (len(SALES), len(SALES))
        assert heard[-1].stage is Stage.DONE

        analysis = ada.analysis(dataset.id, "revenue")
        assert [one.date for one in analysis.anomalies] == ["2024-01-03", "2024-01-15", "2024-01-27"]
        assert ada.analysis(dataset.id).metric == "revenue"
        assert ada.run(dataset.id, "orders", direction="up", min_change="20%").settings.min_change is not None
        assert ada.series(dataset.id, "revenue", start="2024-01-03", end="2024-01-15").value.count(89_000) == 1

        kept = ada.give_verdict(dataset.id, "revenue", "2024-01-03", VerdictKind.EXPECTED, "New Year's sale")
        assert (kept.verdict, kept.reason) == (VerdictKind.EXPECTED, "New Year's sale")
        assert [one.date for one in ada.verdicts(dataset.id, "revenue")] == ["2024-01-03"]
        assert ada.give_verdict(dataset.id, "revenue", "2024-01-03", None).verdict is None

        assert ada.report(dataset.id, "revenue").startswith(b"%PDF-")
        assert b"2024-01-15" in ada.report(dataset.id, "revenue", ReportFormat.CSV, sensitivity=0.4)

    await asyncio.to_thread(journey)


async def test_a_file_is_looked_at_renamed_and_its_rejects_come_back(ada: Driftline) -> None:
    def journey() -> None:
        preview = ada.preview(b"day;umsatz\n2024-01-01;1,5\n2024-01-02;2,5\n", delimiter=";", decimal_comma=True)
        assert (preview.time_column, preview.metric_columns) == ("day", ("umsatz",))
        assert preview.dialect.delimiter == ";"
        assert ada.limits().max_upload_bytes > 0

        made = ready(ada, SALES + b"oops,30,3\n")
        assert made.rejected_rows == 1
        rejects = ada.rejects(made.id).decode()
        assert "oops" in rejects
        assert rejects == ada.rejects(made.id, version=1).decode()
        assert ada.rename(made.id, "Sales 2024").dataset_name == ada.dataset(made.id).dataset_name == "Sales 2024"

    await asyncio.to_thread(journey)


async def test_a_sample_shows_the_anomalies_that_were_planted_in_it(ada: Driftline) -> None:
    def journey() -> None:
        sample = ada.samples()[0]
        made = ada.wait(ada.load_sample(sample.name).dataset_id)
        metric = sample.planted[0].metric
        found = {one.date[:10] for one in ada.analysis(made.id, metric).anomalies}
        assert found & {one.date[:10] for one in sample.planted if one.metric == metric}
        with pytest.raises(ProblemError, match="not_found"):
            ada.load_sample("none")

    await asyncio.to_thread(journey)


async def test_a_report_is_followed_listed_handed_on_and_deleted(ada: Driftline) -> None:
    def journey() -> None:
        made = ready(ada)
        heard: list[ReportResponse] = []
        document = ada.report(made.id, "revenue", ReportFormat.HTML, progress=heard.append)
        assert document.startswith(b"<!doctype html>")
        assert [one.fraction for one in heard] == sorted(one.fraction for one in heard)
        assert (heard[-1].stage, heard[-1].fraction, heard[-1].message) == (ReportStage.READY, 1.0, "Ready")

        asked = ada.request_report(made.id, form=ReportFormat.CSV)
        done = ada.wait_for_report(asked.report_id)
        assert ada.report_status(asked.report_id) == done
        assert [one.report_id for one in ada.reports(limit=1).items] == [asked.report_id]
        link = ada.report_link(asked.report_id)
        assert httpx.get(link.url, verify=False).content == ada.read_report(asked.report_id)
        ada.delete_report(asked.report_id)
        with pytest.raises(ProblemError, match="report_not_found"):
            ada.report_status(asked.report_id)
        assert httpx.get(link.url, verify=False).status_code == 404

    await asyncio.to_thread(journey)


async def test_without_a_store_of_its_own_nothing_is_sent_directly(ada: Driftline) -> None:
    def refused() -> None:
        assert not ada.limits().direct_upload
        with pytest.raises(ProblemError) as problem:
            ada.upload_directly(SALES)
        assert (problem.value.status, problem.value.code) == (501, "unsupported")

    await asyncio.to_thread(refused)


async def test_versions_are_made_compared_restored_and_deleted(ada: Driftline) -> None:
    def journey() -> None:
        made = ready(ada)
        second = ada.upload(SALES.replace(b"89000", b"24100"), dataset_id=made.id)
        ada.wait(made.id, version=second.version)
        assert [one.date for one in ada.compare(made.id, "revenue", 1, 2).gone] == ["2024-01-03"]
        third = ada.upload(b"date,revenue,orders\n2024-01-28,24000,120\n", dataset_id=made.id, mode=UploadMode.APPEND)
        assert ada.wait(made.id, version=third.version).row_count == made.row_count + 1  # type: ignore[operator] # it is processed
        assert ada.wait(made.id, version=ada.restore(made.id, 1).version).version == 4
        assert [one.version for one in ada.versions(made.id)] == [4, 3, 2, 1]
        assert [one.id for one in ada.datasets(limit=5).items] == [made.id]
        ada.delete(made.id)
        assert ada.datasets().total == 0
        with pytest.raises(ProblemError, match="dataset_not_found") as refused:
            ada.dataset(made.id)
        assert refused.value.status == 404

    await asyncio.to_thread(journey)


async def test_a_file_that_cannot_be_used_says_why(ada: Driftline) -> None:
    def failing() -> None:
        with pytest.raises(ProcessingFailedError) as failed:
            ready(ada, b"name,colour\nann,red\nbob,blue\n")
        assert failed.value.code == "no_time_column"
        assert len(failed.value.detail) > 20

    await asyncio.to_thread(failing)


async def test_a_wrong_input_names_its_field(ada: Driftline) -> None:
    def refused() -> None:
        with pytest.raises(ProblemError) as problem:
            ada.upload(DAILY, time_zone="Mars/Olympus")
        assert (problem.value.code, problem.value.field) == ("invalid_input", "timeZone")

    await asyncio.to_thread(refused)


async def test_without_events_it_asks_until_it_is_done(server: Served) -> None:
    network = Broken(cut="/events")

    def waiting() -> None:
        with Driftline(
            server.url, "polling@example.com", PASSWORD, register=True, pause=0.02, transport=network, verify=False
        ) as client:
            assert ready(client).row_count == 7

    await asyncio.to_thread(waiting)
    assert any(path.endswith("/events") for path in network.asked)


async def test_waiting_has_an_end(ada: Driftline) -> None:
    def waiting() -> None:
        made = ready(ada)
        with pytest.raises(WaitedTooLongError, match=r"0.3 seconds"):
            ada.wait(made.id, version=7, timeout=0.3)

    await asyncio.to_thread(waiting)


async def test_without_events_a_report_is_asked_for_until_it_is_done(server: Served) -> None:
    network = Broken(cut="/events")

    def waiting() -> None:
        with Driftline(
            server.url, "asking@example.com", PASSWORD, register=True, pause=0.02, transport=network, verify=False
        ) as client:
            assert client.report(ready(client).id).startswith(b"%PDF-")

    await asyncio.to_thread(waiting)


async def test_a_refused_token_is_renewed_and_the_file_sent_again(server: Served) -> None:
    network = Broken(refuse_once="/upload")

    def renewing() -> None:
        with Driftline(
            server.url, "renewing@example.com", PASSWORD, register=True, transport=network, verify=False
        ) as client:
            assert ready(client).row_count == 7
            client.sign_out()
            with pytest.raises(ProblemError, match="401"):
                client.datasets()

    await asyncio.to_thread(renewing)
    assert network.asked.count("/api/auth/refresh") == 1
    assert network.asked.count("/api/datasets/upload") == 2


async def test_no_server_and_a_wrong_password_are_told_apart(server: Served) -> None:
    def failing() -> None:
        with pytest.raises(UnreachableError, match="No answer"):
            Driftline("http://127.0.0.1:1", "ada@example.com", PASSWORD, verify=False)
        with pytest.raises(ProblemError) as refused:
            Driftline(server.url, "nobody@example.com", PASSWORD, verify=False)
        assert refused.value.code == "invalid_credentials"

    await asyncio.to_thread(failing)


async def test_the_example_of_the_documentation_runs(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/client.md").read_text(encoding="utf-8"), re.DOTALL)
    example = example.replace("http://127.0.0.1:8000", server.url).replace(
        "tests/data/sales.csv", str(ROOT / "tests/data/sales.csv")
    )
    monkeypatch.chdir(tmp_path)

    def running() -> None:
        signed_up(server, "name@example.com").close()
        exec(compile(example, "docs/client.md", "exec"), {})

    await asyncio.to_thread(running)
    told = capsys.readouterr().out
    assert "2024-01-03 high 89,000 is 3.6 times" in told
    assert "dataset_not_found" in told
    assert (tmp_path / "sales.pdf").read_bytes().startswith(b"%PDF-")
