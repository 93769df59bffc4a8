"""The command line as a newcomer meets it: real processes, real files."""

import gzip
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.planted_causes import BROKEN, orders
from tests.support.workshop import sales_csv

ROOT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).with_name("driftline"))


def driftline(*arguments: str, folder: Path, width: int = 100) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, with nothing of ours in the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DRIFTLINE_")}
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=ROOT,
        env={**kept, "DRIFTLINE_DATA_DIR": str(folder / "data"), "DRIFTLINE_BCRYPT_COST": "4", "COLUMNS": str(width)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_bytes(sales_csv())
    return path


def test_analyze_prints_figures_insights_and_the_three_anomalies(tmp_path: Path, sales: Path) -> None:
    ran = driftline("analyze", str(sales), "--metric", "revenue", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    for expected in ("36,686", "24,500", "What stands out", "3 anomalies: 2 high, 1 medium, 0 low"):
        assert expected in ran.stdout
    rows = [line.split() for line in ran.stdout.splitlines() if line.strip().startswith(("◆", "▲", "●"))]
    assert sorted((row[3], row[1], row[2], row[4]) for row in rows) == [
        ("2024-01-03", "High", "Sure", "89,000"),
        ("2024-01-15", "Medium", "Sure", "62,000"),
        ("2024-01-27", "High", "Sure", "8,000"),
    ]
    assert "\x1b" not in ran.stdout  # no colours outside a terminal
    assert ran.stderr == ""


def test_analyze_names_the_events_of_a_calendar_file(tmp_path: Path, sales: Path) -> None:
    calendar = tmp_path / "events.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20240103\nSUMMARY:Sale\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:some day\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    of_revenue = ("analyze", str(sales), "--metric", "revenue", "--json")
    ran = driftline(*of_revenue, "--events-file", str(calendar), "--event", "2024-01-15 Fair", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    analysis = json.loads(ran.stdout)["analyses"][0]
    assert [event["name"] for event in analysis["settings"]["events"]] == ["Fair", "Sale"]
    assert 'The calendar has "Sale" on this day.' in analysis["anomalies"][0]["explanation"]
    assert "1 event of events.ics is left out" in ran.stderr
    missing = driftline(*of_revenue, "--events-file", str(tmp_path / "none.ics"), folder=tmp_path)
    assert missing.returncode != 0
    assert "cannot be read" in missing.stderr


def test_no_heading_of_the_anomalies_is_cut_off_in_a_terminal_of_80_columns(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    days = [f"2024-01-{day:02d}T{hour:02d}:00,{1000 + hour}" for day in range(1, 11) for hour in range(24)]
    days[100:104] = [line.partition(",")[0] + ",123456.78" for line in days[100:104]]
    path.write_text("\n".join(["time,load", *days]))
    ran = driftline("analyze", str(path), folder=tmp_path, width=80)
    heading = next(line for line in ran.stdout.splitlines() if "Sever" in line)
    assert heading.split() == ["Severity", "How", "sure", "Time", "Actual", "Expected", "range"]
    assert "…" not in ran.stdout.partition("Severity")[2]


def test_analyze_reports_only_what_was_asked_for(tmp_path: Path, sales: Path) -> None:
    of_revenue = ("analyze", str(sales), "--metric", "revenue")
    ran = driftline(*of_revenue, "--direction", "up", "--min-change", "200%", folder=tmp_path)
    assert "1 anomaly: 1 high" in ran.stdout
    assert "Only rises of at least 200% of the expected value are reported." in " ".join(ran.stdout.split())
    assert "Only drops are reported." in driftline(*of_revenue, "--direction", "down", folder=tmp_path).stdout


def test_analyze_keeps_within_a_narrow_terminal(tmp_path: Path, sales: Path) -> None:
    ran = driftline("analyze", str(sales), folder=tmp_path, width=80)
    assert max(len(line) for line in ran.stdout.splitlines()) <= 80
    assert "…" not in ran.stdout  # nothing cut off


def test_analyze_as_json_prints_one_document_and_nothing_else(tmp_path: Path, sales: Path) -> None:
    document = json.loads(driftline("analyze", str(sales), "--json", folder=tmp_path).stdout)
    assert document["metricColumns"] == ["revenue", "orders"]
    assert [one["date"] for one in document["analyses"][0]["anomalies"]] == ["2024-01-03", "2024-01-15", "2024-01-27"]
    assert document["quality"]["rejectedRows"] == 0


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("csv", b"\xef\xbb\xbfdate,"), ("json", b"{")],
)
def test_analyze_writes_a_report(tmp_path: Path, sales: Path, form: str, beginning: bytes) -> None:
    report = tmp_path / f"out.{form}"
    ran = driftline("analyze", str(sales), "--metric", "revenue", "--report", str(report), folder=tmp_path)
    assert "Report written to" in ran.stdout
    assert report.read_bytes()[: len(beginning)].lower() == beginning.lower()


def test_with_json_the_report_is_told_of_beside_the_document(tmp_path: Path, sales: Path) -> None:
    report = tmp_path / "a [b] long name, which a terminal of eighty columns would wrap somewhere in the middle.csv"
    ran = driftline("analyze", str(sales), "--metric", "revenue", "--json", "--report", str(report), folder=tmp_path)
    assert json.loads(ran.stdout)["metricColumns"] == ["revenue"]
    assert ran.stderr == f"Report written to {report}\n"


def test_analyze_writes_a_report_for_each_metric(tmp_path: Path, sales: Path) -> None:
    driftline("analyze", str(sales), "--report", str(tmp_path / "out.csv"), folder=tmp_path)
    assert {path.name for path in tmp_path.glob("out*")} == {"out-revenue.csv", "out-orders.csv"}


def test_a_report_is_named_in_letters_that_every_disk_takes(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    rows = [f"2024-01-{day:02d},{day},{day * 2}" for day in range(1, 29)]
    path.write_text("\n".join(['date,"a/b ✓","a b"', *rows]), encoding="utf-8")
    driftline("analyze", str(path), "--report", str(tmp_path / "out.json"), folder=tmp_path)
    assert {one.name for one in tmp_path.glob("out*")} == {"out-a-b.json", "out-a-b-2.json"}


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path, sales: Path) -> None:
    (tmp_path / "out.pdf").mkdir()
    ran = driftline(
        "analyze", str(sales), "--metric", "revenue", "--report", str(tmp_path / "out.pdf"), folder=tmp_path
    )
    assert ran.returncode != 0
    assert "out.pdf cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_analyze_reads_a_compressed_file_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "sales.dat"
    path.write_bytes(gzip.compress(sales_csv()))
    assert "3 anomalies" in driftline("analyze", str(path), "--metric", "revenue", folder=tmp_path).stdout


def test_analyze_by_week_adds_up_the_days(tmp_path: Path, sales: Path) -> None:
    ran = driftline("analyze", str(sales), "--metric", "revenue", "--granularity", "week", "--json", folder=tmp_path)
    analysis = json.loads(ran.stdout)["analyses"][0]
    assert analysis["settings"]["granularity"] == "week"
    assert analysis["series"]["value"][0] == 24000 + 25500 + 89000 + 23800 + 24500


def test_analyze_says_which_rows_could_not_be_used(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,x\n" + "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 29)) + "2024-01-29,many\n")
    assert "1 row rejected" in driftline("analyze", str(path), folder=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["analyze", "nothing.csv"], "There is no file 'nothing.csv'"),
        (["analyze", "{sales}", "--metric", "profit"], "profit"),
        (["analyze", "{sales}", "--time", "when"], "when"),
        (["analyze", "{sales}", "--sensitivity", "2"], "sensitivity"),
        (["analyze", "{sales}", "--granularity", "fortnight"], "fortnight"),
        (["analyze", "{sales}", "--min-change", "much"], "--min-change: 'much' is not possible"),
        (["analyze", "{sales}", "--direction", "sideways"], "sideways"),
        (["analyze", "{sales}", "--time-zone", "Mars/Olympus"], "Mars/Olympus"),
        (["analyze", "{sales}", "--report", "out.docx"], "out.docx"),
        (["analyze", "{sales}", "--report", "no-such-folder/out.pdf"], "no folder 'no-such-folder'"),
        (["analyze", "."], "is a folder"),
        (["analyze"], "FILE"),
        (["analize"], "analyze"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else value,
)
def test_a_mistake_gets_a_sentence_and_not_a_traceback(
    tmp_path: Path, sales: Path, arguments: list[str], said: str
) -> None:
    ran = driftline(*(argument.format(sales=sales) for argument in arguments), folder=tmp_path)
    assert ran.returncode != 0
    assert said in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_terminal_sees_progress_that_is_gone_afterwards(tmp_path: Path, sales: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "analyze", str(sales)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        process.communicate(timeout=120)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert b"Reading" in shown or b"Analysing" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_demo_loads_the_samples_once_and_says_how_to_sign_in(tmp_path: Path) -> None:
    first, second = (driftline("demo", folder=tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    for ran in (first, second):
        assert ran.stdout.count("cached") == 4
        assert "demo@driftline.example" in ran.stdout
        assert "driftline-demo" in ran.stdout


def test_openapi_prints_the_document(tmp_path: Path) -> None:
    document = json.loads(driftline("openapi", folder=tmp_path).stdout)
    assert "/api/datasets/upload" in document["paths"]
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    ran = subprocess.run(
        [COMMAND, "serve"],
        cwd=ROOT,
        env={**os.environ, "DRIFTLINE_PORT": "eighty"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert "DRIFTLINE_PORT" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_analyze_names_dimensions_and_where_an_anomaly_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(orders())
    ran = driftline("analyze", str(path), "--metric", "revenue", folder=tmp_path, width=200)
    assert ran.returncode == 0, ran.stderr
    shown = " ".join(ran.stdout.split())
    assert "region: 3 values (" in shown
    assert "Where they come from" in shown
    assert f"{BROKEN}: North in region explains " in shown
    document = json.loads(driftline("analyze", str(path), "--json", "--dimension", "plan", folder=tmp_path).stdout)
    assert [one["name"] for one in document["dimensions"]] == ["plan"]
    assert all(one["dimensions"] == ["plan"] for of_metric in document["causes"] for one in of_metric.values())
