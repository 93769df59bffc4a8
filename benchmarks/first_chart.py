"""How long until the first chart of a large dataset stands on the page?

A signed-in browser (headless Chromium) opens the page of an analysed dataset of a million rows; the clock runs from
the beginning of the navigation to the frame after the chart's line is drawn. Budget: 1.5 s on two cores. ``cold`` has
an empty cache, ``warm`` visits again. The floor is a static page of the same server with the same Plotly file that
draws the same 2,000 points and nothing else; both are opened in turn, and the median of the paired ratios counts.

    python -m benchmarks.first_chart [--rows 1e6] [--rounds 5]
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infrastructure import machine, prepare
from infrastructure.toolchain import environment
from tests.support.server_process import Server, free_port

BUDGET_SECONDS = 1.5
CORES = 2
ACCOUNT = {"email": "bench@example.com", "password": "correct horse battery"}
FLOOR_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>floor</title>
<body style="margin:0"><div id="chart" style="height:420px"></div><script type="module" src="/floor.js"></script>
</body></html>"""
FLOOR_SCRIPT = """import Plotly from './assets/%s';
const { time, value, lower, upper } = await (await fetch('/floor.json')).json();
const line = (y) => ({ type: 'scatter', mode: 'lines', x: time, y });
Plotly.newPlot('chart', [line(lower), line(upper), line(value)], {}, { displayModeBar: false });
"""


def call(url: str, token: str = "", body: bytes | None = None, kind: str = "application/json") -> Any:
    request = urllib.request.Request(url, body, {"Content-Type": kind, "Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read())


def uploaded(url: str, token: str, rows: int) -> str:
    """The id of a dataset of so many rows, analysed and cached."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    lines = (
        f"{start + timedelta(minutes=row):%Y-%m-%dT%H:%M:%SZ},{1000 + row * 7919 % 997},{row * 31 % 211}"
        for row in range(rows)
    )
    head = '--b\r\nContent-Disposition: form-data; name="datasetName"\r\n\r\nbench\r\n--b\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="bench.csv"\r\n\r\ntime,visits,orders\n'
    form = (head + "\n".join(lines) + "\r\n--b--\r\n").encode()
    made: str = call(f"{url}/api/datasets/upload", token, form, "multipart/form-data; boundary=b")["datasetId"]
    request = urllib.request.Request(f"{url}/api/datasets/{made}/events", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=600) as progress_events:
        progress_events.read()  # ends when the processing does
    assert call(f"{url}/api/datasets/{made}", token)["status"] == "cached"
    return made


def measured(url: str, page: Path, rows: int, rounds: int) -> list[dict[str, dict[str, float]]]:
    account = json.dumps(ACCOUNT).encode()
    call(f"{url}/api/auth/register", body=account)
    token = call(f"{url}/api/auth/login", body=account)["accessToken"]
    dataset = uploaded(url, token, rows)
    series = call(f"{url}/api/analytics/{dataset}", token)["series"]
    print(f"{rows:,} rows, {len(series['time']):,} points on the chart; {CORES} cores")
    (page / "floor.json").write_text(json.dumps({key: series[key] for key in ("time", "value", "lower", "upper")}))
    plotly = next((page / "assets").glob("plotly-*.js")).name
    (page / "floor.js").write_text(FLOOR_SCRIPT % plotly)
    (page / "floor.html").write_text(FLOOR_PAGE)
    request = {
        "url": url,
        "account": ACCOUNT,
        "frontend": str(prepare.FRONTEND),
        "chromium": os.environ.get("CHROMIUM") or machine.browser(),
        "rounds": rounds,
        "paths": {"floor": "/floor.html", "page": f"/datasets/{dataset}"},
    }
    env = environment()
    node = shutil.which("node", path=env["PATH"]) or "node"
    script = str(Path(__file__).with_suffix(".mjs"))
    output = subprocess.run([node, script, json.dumps(request)], env=env, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in output.stdout.splitlines()]


def report(rounds: list[dict[str, dict[str, float]]]) -> None:
    for cache in ("cold", "warm"):
        floor, page = ([one[name][cache] / 1000 for one in rounds] for name in ("floor", "page"))
        ratio = statistics.median(mine / other for mine, other in zip(page, floor, strict=True))
        seconds = statistics.median(page)
        verdict = "within" if seconds <= BUDGET_SECONDS else "BEYOND"
        print(
            f"  {cache}: first chart after {seconds:.2f} s ({min(page):.2f} to {max(page):.2f}; budget "
            f"{BUDGET_SECONDS} s, {verdict}), floor {statistics.median(floor):.2f} s: {ratio:.2f} times it"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # children inherit it: server and browser share the cores
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    prepare.page()
    with tempfile.TemporaryDirectory(prefix="driftline-bench-") as made:
        folder, port = Path(made), free_port()
        page = Path(shutil.copytree(prepare.FRONTEND / "dist", folder / "page"))
        url = f"http://127.0.0.1:{port}"
        settings = {
            "DRIFTLINE_PORT": str(port),
            "DRIFTLINE_DATA_DIR": str(folder / "data"),
            "DRIFTLINE_FRONTEND_DIR": str(page),
            "DRIFTLINE_LOGIN_ATTEMPTS": "1000",
            "DRIFTLINE_LOGIN_ATTEMPTS_PER_ADDRESS": "1000",
        }
        driftline = prepare.VENV / "bin" / "driftline"

        def answers() -> None:
            urllib.request.urlopen(f"{url}/api/health/ready", timeout=5).close()

        logs = Path(tempfile.mkdtemp(prefix="driftline-bench-log-"))
        with Server(
            "driftline serve", [driftline, "serve"], port=port, folder=logs, ready=answers, variables=settings
        ) as server:
            server.start()
            report(measured(url, page, int(arguments.rows), arguments.rounds))


if __name__ == "__main__":
    main()
