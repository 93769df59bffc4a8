"""An option is one field of one struct: every way into the product takes it, under its own spelling, to one effect."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import pytest
from cyclopts import App, Parameter
from msgspec import Meta

from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from domain.errors import InvalidInputError
from domain.struct import AsText, Struct
from entrypoints.cli.options import flags_of, from_flags, option_name
from entrypoints.client.asking import options_in_body, options_in_form, settings_given
from entrypoints.http.handlers.direct_uploads import UploadUrlBody
from entrypoints.http.openapi import document
from entrypoints.http.query import OF_ANALYSIS, analysis_query
from entrypoints.http.schemas import ReportBody, RequestBody, RunBody
from entrypoints.http.uploads import FIELDS
from entrypoints.parameters import OptionField, body_fields, body_to, option_fields, texts_to

# One text that is not the default for each field; a field without one fails the first test.
TEXTS: dict[type[Struct], dict[str, Sequence[str]]] = {
    ParseOptions: {
        "time_column": ["day"],
        "metric_columns": ["revenue", "orders"],
        "time_zone": ["Europe/Berlin"],
        "day_first": ["true"],
        "delimiter": ["tab"],
        "header_line": ["3"],
        "decimal_comma": ["false"],
        "format": ["tsv"],
        "encoding": ["windows-1252"],
        "column_types": ["text:store", "number:a:b"],
        "dimensions": ["region", "plan"],
        "not_dimensions": ["comment", "operator"],
        "shape": ["as_is"],
        "sheet": ["Totals"],
        "member": ["2024.csv"],
    },
    AnalysisSettings: {
        "granularity": ["week"],
        "aggregate": ["max"],
        "sensitivity": ["0.25"],
        "direction": ["up"],
        "min_change": ["20%"],
        "country": ["DE"],
        "where": ["region:North"],
        "events": ["2024-11-29 Sale; 2024-12-24 Eve"],
    },
}


class WithOneMore(ParseOptions, frozen=True, kw_only=True):
    """What an option added tomorrow looks like."""

    comment_signs: Annotated[
        tuple[str, ...], Meta(description="What begins a comment."), AsText(once="comment_sign", example="#")
    ] = ()


TEXTS[WithOneMore] = {**TEXTS[ParseOptions], "comment_signs": ["#", "//"]}
STRUCTS = tuple(TEXTS)
CASES = [(struct, option) for struct in STRUCTS for option in option_fields(struct)]
NAMES = [f"{struct.__name__}.{option.field}" for struct, option in CASES]


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_field_has_a_text_here_and_a_description_for_people(struct: type[Struct]) -> None:
    assert set(TEXTS[struct]) == set(struct.__struct_fields__)
    assert all(option.description for option in option_fields(struct))


@pytest.mark.parametrize(("struct", "option"), CASES, ids=NAMES)
def test_a_form_a_body_a_command_and_the_client_mean_the_same(struct: type[Struct], option: OptionField) -> None:
    texts = TEXTS[struct][option.field]
    by_form = texts_to(struct, {option.form_name: texts})
    assert getattr(by_form, option.field) != option.default
    assert in_body(struct, option, texts) == by_form
    assert on_the_command_line(struct, option, texts) == by_form


def in_body(struct: type[Struct], option: OptionField, texts: Sequence[str]) -> Struct:
    kind: Any = msgspec.defstruct(
        "Body", body_fields(struct), bases=(RequestBody,), frozen=True, kw_only=True, module=__name__
    )
    value: Any = list(texts) if option.repeated else texts[0]
    if option.kind in {bool, int, float}:
        value = msgspec.json.decode(texts[0])
    return body_to(struct, msgspec.json.decode(msgspec.json.encode({option.body_name: value}), type=kind))


def on_the_command_line(struct: type[Struct], option: OptionField, texts: Sequence[str]) -> Struct:
    flags: Any = flags_of(struct)
    app = App(result_action="return_value")

    @app.default
    def command(*, given: Annotated[flags, Parameter(name="*")] = flags()) -> Struct:  # noqa: B008 - frozen
        return from_flags(struct, given)

    name = option_name(option)
    tokens = [token for text in texts for item in option.items(text) for token in (name, item)]
    if option.kind is bool:
        tokens = [name if texts[0] == "true" else name.replace("--", "--no-", 1)]
    result: Struct = app(tokens)
    return result


@pytest.mark.parametrize("option", option_fields(ParseOptions), ids=lambda option: option.field)
def test_the_upload_form_the_presigned_form_and_the_client_have_every_parse_option(option: OptionField) -> None:
    assert option.form_name in FIELDS
    assert option.field in UploadUrlBody.__struct_fields__
    texts = TEXTS[ParseOptions][option.field]
    value = list(texts) if option.repeated else texts[0]
    assert options_in_form({option.field: value}) == {option.form_name: value}
    assert options_in_body({option.field: value}) == {option.body_name: value}


@pytest.mark.parametrize("option", option_fields(AnalysisSettings), ids=lambda option: option.field)
def test_queries_bodies_and_the_client_have_every_setting(option: OptionField) -> None:
    assert option.form_name in OF_ANALYSIS
    assert option.field in RunBody.__struct_fields__
    assert option.field in ReportBody.__struct_fields__
    text = TEXTS[AnalysisSettings][option.field][0]
    assert settings_given({option.field: text}) == {option.body_name: text}
    asked = analysis_query(f"{option.form_name}={text.replace(' ', '+').replace('%', '%25')}".encode())
    assert getattr(asked.settings, option.field) != option.default


def test_the_api_document_describes_every_option_wherever_it_is_taken() -> None:
    described = document()
    form = described["paths"]["/api/datasets/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert {option.form_name for option in option_fields(ParseOptions)} <= form["schema"]["properties"].keys()
    query = {parameter["name"] for parameter in described["paths"]["/api/analytics/{datasetId}"]["get"]["parameters"]}
    assert {option.form_name for option in option_fields(AnalysisSettings)} <= query
    schemas = described["components"]["schemas"]
    for name, struct in (
        ("UploadUrlBody", ParseOptions),
        ("RunBody", AnalysisSettings),
        ("ReportBody", AnalysisSettings),
    ):
        properties = schemas[name]["properties"]
        assert all(properties[option.body_name]["description"] for option in option_fields(struct))
        assert "required" not in schemas[name] or not set(schemas[name]["required"]) & {
            option.body_name for option in option_fields(struct)
        }


def test_the_client_refuses_an_option_that_there_is_not() -> None:
    with pytest.raises(TypeError, match=r"no option 'timecolumn'. Those there are: time_column, "):
        options_in_form({"timecolumn": "day"})


@pytest.mark.parametrize(
    ("name", "text"),
    [("sensitivity", "1.5"), ("sensitivity", "nan"), ("direction", "sideways"), ("minChange", "-3"), ("minChange", "%"),
     ("events", "tomorrow Sale"), ("events", "; ".join(["2024-11-29 Sale"] * 501)), ("country", "Atlantis")],
)  # fmt: skip
def test_a_setting_that_is_not_possible_is_refused_by_its_name(name: str, text: str) -> None:
    with pytest.raises(InvalidInputError, match=name):
        texts_to(AnalysisSettings, {name: [text]})
