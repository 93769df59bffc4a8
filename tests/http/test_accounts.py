"""Register, sign in, stay signed in, sign out."""

import asyncio
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from domain.accounts import account as accounts
from tests.support.served import PASSWORD, Served, problem, served

ACCOUNT = {"email": "grace@example.com", "password": PASSWORD}


def refresh_cookie(answer: httpx.Response) -> str:
    return str(answer.cookies["driftline_refresh"])


async def signed_in(server: Served, email: str) -> tuple[httpx.AsyncClient, httpx.Response]:
    client = await server.client()
    account = {"email": email, "password": PASSWORD}
    await client.post("/api/auth/register", json=account)
    return client, await client.post("/api/auth/login", json=account)


async def refreshed(server: Served, token: str) -> httpx.Response:
    client = await server.client(cookie=f"driftline_refresh={token}")
    return await client.post("/api/auth/refresh")


async def test_registering_answers_201_with_the_account(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/api/auth/register", json=ACCOUNT)
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"id", "email", "createdAt"}
    assert body["email"] == ACCOUNT["email"]
    assert datetime.fromisoformat(body["createdAt"]).tzinfo is not None


async def test_the_same_email_in_other_letters_is_taken(anonymous: httpx.AsyncClient) -> None:
    await anonymous.post("/api/auth/register", json={"email": "Hedy@Example.com", "password": PASSWORD})
    answer = await anonymous.post("/api/auth/register", json={"email": "hedy@example.COM", "password": PASSWORD})
    problem(answer, 409, "email_taken")


@pytest.mark.parametrize("email", ["", "nobody", "a b@example.com", "a@b", "@example.com"])
async def test_what_is_no_email_address_is_refused(anonymous: httpx.AsyncClient, email: str) -> None:
    answer = await anonymous.post("/api/auth/register", json={"email": email, "password": PASSWORD})
    assert problem(answer, 400, "invalid_email")["field"] == "email"


@pytest.mark.parametrize(
    ("password", "fact"), [("short", ("minCharacters", 10)), ("ä" * 37, ("maxBytes", 72)), ("x" * 73, ("maxBytes", 72))]
)
async def test_a_weak_or_too_long_password_is_refused_with_its_limit(
    anonymous: httpx.AsyncClient, password: str, fact: tuple[str, int]
) -> None:
    answer = await anonymous.post("/api/auth/register", json={"email": "w@example.com", "password": password})
    body = problem(answer, 400, "weak_password")
    assert body["field"] == "password"
    assert body[fact[0]] == fact[1]


async def test_unknown_email_and_wrong_password_get_the_same_answer(server: Served) -> None:
    client, _ = await signed_in(server, "known@example.com")
    wrong = await client.post("/api/auth/login", json={"email": "known@example.com", "password": "wrong password"})
    unknown = await client.post("/api/auth/login", json={"email": "unknown@example.com", "password": "wrong password"})
    first, second = problem(wrong, 401, "invalid_credentials"), problem(unknown, 401, "invalid_credentials")
    assert first["detail"] == second["detail"]
    assert wrong.headers["www-authenticate"] == "Bearer"


async def test_signing_in_gives_a_bearer_token_and_a_cookie_no_script_can_read(server: Served) -> None:
    client, answer = await signed_in(server, "cookie@example.com")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"accessToken", "tokenType", "expiresIn"}
    assert body["tokenType"] == "Bearer"
    cookie = SimpleCookie(answer.headers["set-cookie"])["driftline_refresh"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/api/auth"
    assert not cookie["secure"]  # this server speaks plain HTTP
    me = await client.get("/api/auth/me", headers={"authorization": f"bearer {body['accessToken']}"})
    assert me.json()["email"] == "cookie@example.com"


async def test_behind_tls_the_cookie_is_secure_and_hsts_is_on(tmp_path: Path) -> None:
    async with served(tmp_path, secure_cookies=True) as server:
        _, answer = await signed_in(server, "tls@example.com")
    assert SimpleCookie(answer.headers["set-cookie"])["driftline_refresh"]["secure"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer not.a.token", "Bearer ..", "Token x"])
async def test_without_a_proper_token_nothing_is_shown(anonymous: httpx.AsyncClient, header: str) -> None:
    answer = await anonymous.get("/api/auth/me", headers={"authorization": header} if header else {})
    assert answer.status_code == 401
    problem(answer, 401, answer.json()["code"])
    assert answer.json()["code"] in {"unauthenticated", "invalid_token"}


async def test_a_token_with_one_letter_changed_is_refused(server: Served) -> None:
    client, answer = await signed_in(server, "tampered@example.com")
    head, payload, signature = answer.json()["accessToken"].split(".")
    for forged in (
        f"{head}.{payload[:-2]}AA.{signature}",
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.",
    ):
        refused = await client.get("/api/auth/me", headers={"authorization": f"Bearer {forged}"})
        problem(refused, 401, "invalid_token")


async def test_an_expired_token_says_so(server: Served) -> None:
    user_id = (await (await server.user("late@example.com")).get("/api/auth/me")).json()["id"]
    token = server.running.ports.tokens.issue(user_id, datetime.now(UTC) - timedelta(hours=1), timedelta(minutes=15))
    answer = await (await server.client()).get("/api/auth/me", headers={"authorization": f"Bearer {token}"})
    problem(answer, 401, "token_expired")


async def test_refreshing_gives_new_tokens_and_uses_the_old_one_up(server: Served) -> None:
    _, first = await signed_in(server, "refresh@example.com")
    second = await refreshed(server, refresh_cookie(first))
    assert second.status_code == 200
    assert refresh_cookie(second) != refresh_cookie(first)
    third = await refreshed(server, refresh_cookie(second))
    assert third.status_code == 200


async def test_reusing_an_old_refresh_token_ends_the_whole_family(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "REUSE_GRACE", timedelta(0))
    _, first = await signed_in(server, "stolen@example.com")
    second = await refreshed(server, refresh_cookie(first))
    problem(await refreshed(server, refresh_cookie(first)), 401, "token_reused")
    assert (await refreshed(server, refresh_cookie(second))).status_code == 401


async def test_page_left_while_it_renewed_its_session_is_still_signed_in(server: Served) -> None:
    _, first = await signed_in(server, "left@example.com")
    lost, again = await asyncio.gather(*(refreshed(server, refresh_cookie(first)) for _ in range(2)))
    assert (lost.status_code, again.status_code) == (200, 200)
    assert (await refreshed(server, refresh_cookie(again))).status_code == 200


@pytest.mark.parametrize("cookie", ["", "driftline_refresh=", "driftline_refresh=made-up"])
async def test_refreshing_without_a_good_cookie_is_refused(server: Served, cookie: str) -> None:
    client = await server.client(**({"cookie": cookie} if cookie else {}))
    assert (await client.post("/api/auth/refresh")).status_code == 401


async def test_signing_out_ends_the_session_and_clears_the_cookie(server: Served) -> None:
    client, first = await signed_in(server, "out@example.com")
    answer = await client.post("/api/auth/logout")
    assert answer.status_code == 204
    assert SimpleCookie(answer.headers["set-cookie"])["driftline_refresh"]["max-age"] == "0"
    assert (await refreshed(server, refresh_cookie(first))).status_code == 401
    assert (await client.post("/api/auth/logout")).status_code == 204


async def test_signing_out_everywhere_ends_all_sessions_of_this_user_only(server: Served) -> None:
    client, here = await signed_in(server, "everywhere@example.com")
    _, there = await signed_in(server, "everywhere@example.com")
    _, other = await signed_in(server, "somebody-else@example.com")
    token = here.json()["accessToken"]
    answer = await client.post("/api/auth/logout-everywhere", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 204
    assert (await refreshed(server, refresh_cookie(there))).status_code == 401
    assert (await refreshed(server, refresh_cookie(other))).status_code == 200


async def test_too_many_sign_ins_on_one_account_must_wait(tmp_path: Path) -> None:
    async with served(tmp_path, login_attempts=3) as server:
        client = await server.client()
        guess = {"email": "victim@example.com", "password": "wrong password"}
        for _ in range(3):
            problem(await client.post("/api/auth/login", json=guess), 401, "invalid_credentials")
        answer = await client.post("/api/auth/login", json=guess)
        body = problem(answer, 429, "rate_limited")
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
        assert body["retryAfterSeconds"] == int(answer.headers["retry-after"])
        other = await client.post("/api/auth/login", json={"email": "other@example.com", "password": "wrong password"})
        problem(other, 401, "invalid_credentials")


async def test_too_many_registrations_from_one_address_must_wait(tmp_path: Path) -> None:
    async with served(tmp_path, registrations_per_address=2) as server:
        await server.user("one@example.com")
        await server.user("two@example.com")
        answer = await (await server.client()).post(
            "/api/auth/register", json={"email": "three@example.com", "password": PASSWORD}
        )
        problem(answer, 429, "rate_limited")


@pytest.mark.parametrize(("trusted", "status"), [("127.0.0.1", 201), ("10.0.0.0/8, 127.0.0.0/8", 201), ("", 429)])
async def test_behind_a_trusted_proxy_visitors_are_told_apart_and_nobody_else_is_believed(
    tmp_path: Path, trusted: str, status: int
) -> None:
    async with served(tmp_path, registrations_per_address=1, trusted_proxies=trusted) as server:
        for number, expected in ((1, 201), (2, status)):
            client = await server.client(**{"x-forwarded-for": f"203.0.113.{number}", "x-forwarded-proto": "https"})
            account = {"email": f"visitor{number}@example.com", "password": PASSWORD}
            assert (await client.post("/api/auth/register", json=account)).status_code == expected
        answer = await client.post("/api/auth/login", json={"email": "visitor1@example.com", "password": PASSWORD})
        secure = bool(SimpleCookie(answer.headers["set-cookie"])["driftline_refresh"]["secure"])
        assert secure is bool(trusted)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"email": "a@example.com"}, "password", "missing"),
        ({"email": "a@example.com", "password": PASSWORD, "name": "A"}, "name", "not a field"),
        ({"email": "a@example.com", "password": 1234567890}, "password", "text"),
        ({"email": None, "password": PASSWORD}, "email", "text"),
    ],
)
async def test_a_body_with_a_wrong_field_says_which(
    anonymous: httpx.AsyncClient, body: object, field: str, words: str
) -> None:
    found = problem(await anonymous.post("/api/auth/register", json=body), 400, "invalid_input")
    assert found["field"] == field
    assert words in found["detail"]
