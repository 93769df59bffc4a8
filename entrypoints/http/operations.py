"""Parts of the OpenAPI document that no annotation can say: hand-read queries and streamed forms."""

from dataclasses import dataclass, replace
from enum import EnumType
from typing import Any, Final

from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from domain.analysis.analysis import MAX_CHART_POINTS, MAX_WINDOW_POINTS
from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import UploadMode
from entrypoints.http.schemas import MAX_WHOLE
from entrypoints.parameters import OptionField, members, option_fields

TEXT: Final = Schema(type=OpenAPIType.STRING)


def _query(name: str, description: str, schema: Schema, example: Any = None, *, required: bool = False) -> Parameter:
    return Parameter(
        name=name, param_in="query", description=description, required=required, schema=schema, example=example
    )


def _schema(option: OptionField) -> Schema:
    """What a text of this field is; of a tuple one item."""
    if isinstance(option.kind, EnumType):
        return Schema(type=OpenAPIType.STRING, enum=list(members(option.kind)), default=option.default)
    if option.kind is bool:
        return Schema(type=OpenAPIType.STRING, enum=["true", "false"])
    if option.kind in {int, float}:
        kind = OpenAPIType.INTEGER if option.kind is int else OpenAPIType.NUMBER
        return Schema(type=kind, minimum=option.least, maximum=option.most, default=option.default)
    return Schema(type=OpenAPIType.STRING, default=option.default if option.kind is str and option.default else None)


def _form_field(option: OptionField) -> Schema:
    description = option.description
    if option.repeated:
        example = f" ({option.text.example})" if option.text.example else ""
        return Schema(
            type=OpenAPIType.ARRAY, items=TEXT, description=f"{description} Repeated once per column{example}."
        )
    return replace(_schema(option), description=description)


VERSION: Final = _query(
    "version",
    "An older version; the newest without it.",
    Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=MAX_WHOLE),
)
SETTINGS_PARAMETERS: Final = tuple(
    _query(
        option.form_name,
        option.description,
        Schema(type=OpenAPIType.ARRAY, items=TEXT) if option.repeated else _schema(option),
        [option.text.example] if option.repeated else option.text.example or None,
    )
    for option in option_fields(AnalysisSettings)
)
ANALYSIS_PARAMETERS: Final = (
    _query("metric", "Which column; the first metric without it.", TEXT, "revenue"),
    *SETTINGS_PARAMETERS,
    VERSION,
)
_NUMBER: Final = Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=MAX_WHOLE)
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

CAUSES_PARAMETERS: Final = (
    *ANALYSIS_PARAMETERS,
    _query("anomaly", "Identifier of an anomaly of the analysis.", TEXT, "3f2a9c41d07be865"),
    _query("from", "In place of an anomaly: the first time to explain, as the analysis writes it.", TEXT, "2024-01-03"),
    _query(
        "to",
        "The last time, inclusive; a bare date includes its whole day. The first one without it.",
        TEXT,
        "2024-01-05",
    ),
    _query("per", "Another metric to divide by: the ratio of both sums is explained.", TEXT, "orders"),
)

_PARSE_OPTIONS: Final = {option.form_name: _form_field(option) for option in option_fields(ParseOptions)}
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
class CausesOperation(Operation):
    """An operation that takes the analysis parameters and what is to be explained."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *CAUSES_PARAMETERS]


@dataclass
class ComparisonOperation(Operation):
    """An operation that takes two versions and the settings."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *COMPARISON_PARAMETERS]


@dataclass
class UploadOperation(Operation):
    """An operation that takes a file and what it is to become."""

    def __post_init__(self) -> None:
        self.request_body = _form(_UPLOAD | _PARSE_OPTIONS | _FILE)


@dataclass
class PreviewOperation(Operation):
    """An operation that takes a file, or the head of one."""

    def __post_init__(self) -> None:
        self.request_body = _form(_PARSE_OPTIONS | _FILE)
