"""Holidays and events over HTTP: which countries there are, what a calendar file holds, and what both explain."""

from typing import Any

import httpx

from tests.support.served import dataset, problem

CALENDAR = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20240103\r\nSUMMARY:Sale; big\r\nEND:VEVENT\r\nEND:VCALENDAR"
)


async def test_countries_are_named_and_each_can_be_chosen(carol: httpx.AsyncClient, carols: dict[str, Any]) -> None:
    countries = (await carol.get("/api/calendar/countries")).json()["items"]
    names = {country["code"]: country["name"] for country in countries}
    assert (names["DE"], names["IN"]) == ("Germany", "India")
    assert list(names.values()) == sorted(names.values())
    path = f"/api/analytics/{carols['id']}"
    settings = (await carol.get(path, params={"country": "DE"})).json()["settings"]
    assert (settings["country"], settings["countryReason"]) == ("DE", "This country was chosen.")


async def test_the_country_is_that_of_the_time_zone_unless_another_is_chosen(ada: httpx.AsyncClient) -> None:
    made = await dataset(ada, datasetName="Sales", timeZone="Europe/Madrid")
    path = f"/api/analytics/{made['id']}"
    settings = (await ada.get(path)).json()["settings"]
    assert (settings["country"], settings["requestedCountry"]) == ("ES", "auto")
    assert settings["countryReason"] == "The country of the time zone Europe/Madrid."
    none = (await ada.get(path, params={"country": "none"})).json()["settings"]
    assert none["country"] is None


async def test_events_of_a_calendar_file_explain_the_days_they_fall_on(
    carol: httpx.AsyncClient, carols: dict[str, Any]
) -> None:
    read = (await carol.post("/api/calendar/events", json={"text": CALENDAR})).json()
    assert read == {"events": [{"date": "2024-01-03", "name": "Sale, big"}], "leftOut": 0}
    events = "; ".join(f"{event['date']} {event['name']}" for event in read["events"])
    path = f"/api/analytics/{carols['id']}"
    analysis = (await carol.get(path, params={"metric": "revenue", "events": events})).json()
    assert 'The calendar has "Sale, big" on this day.' in analysis["anomalies"][0]["explanation"]


async def test_what_holds_no_event_is_refused(carol: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    problem(await carol.post("/api/calendar/events", json={"text": "nothing"}), 400, "invalid_input")
    problem(await carol.post("/api/calendar/events", json={}), 400, "invalid_input")
    problem(await anonymous.get("/api/calendar/countries"), 401, "unauthenticated")
