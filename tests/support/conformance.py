"""The API against its own OpenAPI document: requests that schemathesis makes, right and wrong ones.

``python -m tests.support.conformance 20000`` sends so many to an embedded server of its own and prints what it found.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import allow_header_conformance, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from entrypoints.http.openapi import document
from tests.support.served import Served, dataset, served

CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
)
NOT_OFFERED: Final = 501  # what this profile has not is said so, in words: no failure of the server
SECONDS: Final = 60


class Conformance:
    """Sends requests to one server and collects what contradicts the document."""

    def __init__(self, url: str, authorization: str, known: dict[str, str]) -> None:
        """Ask the server at ``url``, signed in; ``known`` are path parameters of things that exist."""
        self._url = url
        self._authorization = authorization
        self._known = known
        self._session = requests.Session()
        self.found: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def run(self, cases: int, start: int = 0) -> None:
        """Send about so many requests, spread evenly over all operations."""
        schema = schemathesis.openapi.from_dict(document())
        operations = [one.ok() for one in schema.get_all_operations()]
        for number, operation in enumerate(operations):
            # Twice as many with values that the document allows as with those that it forbids.
            for mode, share in ((GenerationMode.POSITIVE, 2 / 3), (GenerationMode.NEGATIVE, 1 / 3)):
                count = max(1, round(share * cases / len(operations)))
                self._operation(operation, mode, count, start + number)

    def _operation(self, operation: Any, mode: GenerationMode, count: int, first: int) -> None:
        @seed(first)
        @settings(
            max_examples=count, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
        def send(case: Case, *, real: bool) -> None:
            self._send(case, real=real)

        try:
            send()
        except Unsatisfiable:
            return  # an operation that takes nothing can be sent nothing wrong
        except Exception as error:  # noqa: BLE001 - the generator itself: named like everything else that is found
            self.found[f"{operation.label}: {type(error).__name__}: {str(error)[:300]}"] += 1

    def _send(self, case: Case, *, real: bool) -> None:
        if real and case.method != "DELETE" and case.path_parameters:
            case.path_parameters = {name: self._known.get(name, value) for name, value in case.path_parameters.items()}
        try:
            response = case.call(
                base_url=self._url, session=self._session, timeout=SECONDS,
                headers={"Authorization": self._authorization},
            )  # fmt: skip
        except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL, UnicodeError):
            return  # nothing that the client could send
        self.statuses[response.status_code] += 1
        checks = CHECKS if response.status_code != NOT_OFFERED else CHECKS[1:]
        for check in checks:
            try:
                case.validate_response(response, checks=[check])
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                what = " ".join(str(one) for one in getattr(error, "exceptions", (error,)))
                self.found[f"{case.method} {case.path}: {response.status_code} {check.__name__}: {what[:400]}"] += 1


async def conformance_of(server: Served, cases: int, start: int = 0) -> Conformance:
    """Send requests to a running server, as a user with one dataset and one report."""
    client = await server.user(f"conformance{start}@example.com")
    made = (await dataset(client))["id"]
    report = (await client.post("/api/reports/generate", json={"datasetId": made, "format": "csv"})).json()
    known = {"datasetId": made, "report_id": report["reportId"], "name": "web-shop"}
    conformance = Conformance(server.url, client.headers["authorization"], known)
    await asyncio.to_thread(conformance.run, cases, start)
    return conformance


async def _main(cases: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as server:
            result = await conformance_of(server, cases, start=1)
    sys.stdout.write(f"{sum(result.statuses.values()):,} requests: {dict(sorted(result.statuses.items()))}\n")
    for what, count in result.found.most_common():
        sys.stdout.write(f"{count} x {what}\n")
    sys.stdout.write(f"{len(result.found)} contradictions\n")
    return 1 if result.found else 0


if __name__ == "__main__":
    from entrypoints.logs import configure

    configure("error", "json")
    sys.exit(asyncio.run(_main(int(sys.argv[1]))))
