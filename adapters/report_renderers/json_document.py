"""The analysis and where it came from, for programs."""

from collections.abc import Callable

import msgspec
from typing_extensions import override

from domain.analysis.analysis import Analysis
from domain.datasets.dataset import Dataset
from domain.ports.analyses import ReportRenderer
from domain.reports.report import ReportStage, unheard


class JsonDocument(ReportRenderer):
    """UTF-8 JSON, indented: ``{"dataset": {...}, "analysis": {...}}``, the analysis as the API gives it."""

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        entering(ReportStage.WRITING)
        origin = {
            "id": dataset.id,
            "datasetName": analysis.dataset_name,
            "version": dataset.version,
            "fileName": dataset.file_name,
            "sizeBytes": dataset.size_bytes,
            "sha256": dataset.sha256,
            "uploadedAt": dataset.uploaded_at,
            "timeColumn": dataset.time_column,
            "timeZone": dataset.time_zone,
            "columns": dataset.columns,
            "rowCount": dataset.row_count,
            "quality": dataset.quality,
        }
        return msgspec.json.format(msgspec.json.encode({"dataset": origin, "analysis": analysis}), indent=2)
