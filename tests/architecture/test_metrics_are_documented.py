"""The table of metrics in docs/operation.md is that of the code: names, kinds, labels and what they count."""

import re
from typing import Any

from tests.support.metrics import declared
from tests.support.source_tree import ROOT

DOCUMENT = ROOT / "docs" / "operation.md"
ROW = re.compile(r"^\| `(driftline_\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$", re.MULTILINE)


def _exposed(collector: Any) -> str:
    return f"{collector._name}_total" if collector._type == "counter" else str(collector._name)


def test_table_of_metrics_is_that_of_the_code() -> None:
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    documented = {(name, kind, tuple(re.findall(r"`(\w+)`", labels)), what) for name, kind, labels, what in rows}
    assert len(rows) == len(documented)
    assert documented == {(_exposed(one), one._type, tuple(one._labelnames), one._documentation) for one in declared()}
