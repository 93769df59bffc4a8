"""The table of metrics in docs/operation.md is that of the code: names, kinds, labels and what they count."""

import re
from typing import Any

from prometheus_client import CollectorRegistry

from entrypoints.http.metrics import Metrics
from tests.support.source_tree import ROOT

DOCUMENT = ROOT / "docs" / "operation.md"
ROW = re.compile(r"^\| `(driftline_\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$", re.MULTILINE)
REGISTRIES = (Metrics().registry,)


def _counted(registry: CollectorRegistry) -> set[tuple[str, str, tuple[str, ...], str]]:
    collectors: list[Any] = [one for one in registry._collector_to_names if hasattr(one, "_labelnames")]
    return {(_exposed(one), one._type, tuple(one._labelnames), one._documentation) for one in collectors}


def _exposed(collector: Any) -> str:
    return f"{collector._name}_total" if collector._type == "counter" else str(collector._name)


def test_table_of_metrics_is_that_of_the_code() -> None:
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    documented = {(name, kind, tuple(re.findall(r"`(\w+)`", labels)), what) for name, kind, labels, what in rows}
    assert len(rows) == len(documented)
    assert documented == set().union(*map(_counted, REGISTRIES))
