"""Parts of the OpenAPI document that no annotation can say: hand-read queries and streamed forms."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from domain.analysis import MAX_CHART_POINTS, MAX_WINDOW_POINTS
from domain.anomaly.findings import STANDARD_SENSITIVITY, Reported
from domain.appending import UploadMode
from domain.dataset import Encoding, FileFormat
from domain.summary import Aggregate, Granularity

TEXT: Final = Schema(type=OpenAPIType.STRING)


def _query(name: str, description: str, schema: Schema, example: Any = None, *, required: bool = False) -> Parameter:
    return Parameter(
        name=name, param_in="query", description=description, required=required, schema=schema, example=example
    )


def _choices(kind: type[StrEnum], default: str) -> Schema:
    return Schema(type=OpenAPIType.STRING, enum=list(kind), default=default)


VERSION: Final = _query(
    "version", "An older version; the newest without it.", Schema(type=OpenAPIType.INTEGER, minimum=1)
)
SETTINGS_PARAMETERS: Final = (
    _query("granularity", "Calendar unit of the points.", _choices(Granularity, "auto")),
    _query("aggregate", "What becomes of several values in one unit.", _choices(Aggregate, "auto")),
    _query(
        "sensitivity",
        "0 reports only the plainest, 1 everything suspicious.",
        Schema(type=OpenAPIType.NUMBER, minimum=0, maximum=1, default=STANDARD_SENSITIVITY),
    ),
    _query("direction", "Report rises, falls or both.", _choices(Reported, "both")),
    _query(
        "minChange", "Least distance from the expected value: absolute (500) or in percent of it (20%).", TEXT, "20%"
    ),
)
ANALYSIS_PARAMETERS: Final = (
    _query("metric", "Which column; the first metric without it.", TEXT, "revenue"),
    *SETTINGS_PARAMETERS,
    VERSION,
)
_NUMBER: Final = Schema(type=OpenAPIType.INTEGER, minimum=1)
COMPARISON_PARAMETERS: Final = (
    _query("metric", "Which column.", TEXT, "revenue", required=True),
    _query("before", "The version to compare with.", _NUMBER, 1, required=True),
    _query("after", "The version to look at.", _NUMBER, 2, required=True),
    *SETTINGS_PARAMETERS,
)
SERIES_PARAMETERS: Final = (
    *ANALYSIS_PARAMETERS,
    _query("from", "First time, ISO 8601; in the dataset's time zone unless it has an offset.", TEXT, "2024-01-03"),
    _query("to", "Last time, inclusive; a bare date includes its whole day.", TEXT, "2024-01-27"),
    _query(
        "points",
        "About so many points are chosen; anomalies are kept beyond it.",
        Schema(type=OpenAPIType.INTEGER, minimum=10, maximum=MAX_WINDOW_POINTS, default=MAX_CHART_POINTS),
    ),
)

_ROLES: Final = {
    "timeColumn": Schema(type=OpenAPIType.STRING, description="Column that holds the time; decided from the file."),
    "metricColumn": Schema(
        type=OpenAPIType.ARRAY,
        items=TEXT,
        description="Columns to analyse, repeated once per column; every numeric column without it.",
    ),
    "timeZone": Schema(type=OpenAPIType.STRING, default="UTC", description="Zone of times without an offset."),
    "dayFirst": Schema(
        type=OpenAPIType.STRING, enum=["true", "false"], description="Whether 03/04/2024 is the third of April."
    ),
    "delimiter": Schema(type=OpenAPIType.STRING, description="One character, or the word tab."),
    "headerLine": Schema(
        type=OpenAPIType.INTEGER, minimum=0, description="Line that names the columns of a CSV or TSV; 0 for none."
    ),
    "decimalComma": Schema(
        type=OpenAPIType.STRING, enum=["true", "false"], description="Whether 1,5 is one and a half."
    ),
    "format": Schema(type=OpenAPIType.STRING, enum=list(FileFormat), description="Read it as this; else by content."),
    "encoding": Schema(
        type=OpenAPIType.STRING, enum=list(Encoding), description="What its text is in; else by content."
    ),
    "columnType": Schema(
        type=OpenAPIType.ARRAY,
        items=TEXT,
        description="What a column is, as type:name (number:revenue, text:store); repeated once per column.",
    ),
}
_FILE: Final = {
    "file": Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream", description="The file.")
}
_UPLOAD: Final = {
    "datasetId": Schema(
        type=OpenAPIType.STRING, description="Add a version to this dataset. Put it before the file if you can."
    ),
    "mode": Schema(
        type=OpenAPIType.STRING,
        enum=list(UploadMode),
        default=UploadMode.REPLACE,
        description="With datasetId: the file is all the data, or its rows join those of the newest version.",
    ),
    "datasetName": Schema(type=OpenAPIType.STRING, description="1 to 200 characters; the file's name without it."),
}


def _form(properties: dict[str, Schema]) -> RequestBody:
    schema = Schema(type=OpenAPIType.OBJECT, properties=dict(properties), required=["file"])
    return RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=schema)}, required=True)


@dataclass
class AnalysisOperation(Operation):
    """An operation that takes the analysis parameters."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *ANALYSIS_PARAMETERS]


@dataclass
class SeriesOperation(Operation):
    """An operation that takes the analysis parameters and a stretch of time."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *SERIES_PARAMETERS]


@dataclass
class ComparisonOperation(Operation):
    """An operation that takes two versions and the settings."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *COMPARISON_PARAMETERS]


@dataclass
class UploadOperation(Operation):
    """An operation that takes a file and what it is to become."""

    def __post_init__(self) -> None:
        self.request_body = _form(_UPLOAD | _ROLES | _FILE)


@dataclass
class PreviewOperation(Operation):
    """An operation that takes a file, or the head of one."""

    def __post_init__(self) -> None:
        self.request_body = _form(_ROLES | _FILE)
