"""The calendar of an analysis: whose holidays there are, and the events of a calendar file."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta

from domain.analysis.calendar_file import CalendarEvents
from domain.analysis.named_days import CountryList, countries
from domain.errors import InvalidInputError
from entrypoints.http.context import Cases, UserId
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import RequestBody


class CalendarBody(RequestBody, frozen=True):
    """The text of a calendar file."""

    text: Annotated[
        str,
        Meta(description="An .ics file (RFC 5545), or a date and a name a line.", examples=["2024-11-29 Sale"]),
    ]


@get(
    "/countries",
    operation_id="listCountries",
    summary="List the countries whose holidays are known",
    responses=documented(*SIGNED_IN),
    sync_to_thread=True,  # names and rules take a moment to load
)
def list_countries(
    user_id: UserId,  # noqa: ARG001 - asked for like everywhere else
) -> CountryList:
    """Codes that the setting `country` takes, with names, beside `auto` and `none`."""
    return CountryList(items=countries())


@post(
    "/events",
    operation_id="readCalendar",
    summary="Read the events of a calendar file",
    status_code=200,
    responses=documented(*SIGNED_IN, InvalidInputError),
)
async def read_calendar(
    use_cases: Cases,
    user_id: UserId,  # noqa: ARG001 - declared so that only a signed-in user can have files read
    data: JSONBody[CalendarBody],
) -> CalendarEvents:
    """Turn an .ics file, or lines like `2024-11-29 Sale`, into events for the setting `events`. Nothing is kept."""
    return await use_cases.read_calendar(data.text)
