"""Accounts: register, sign in, stay signed in, sign out.

The access token lives in the page's memory and travels in a header; the refresh token lives in a cookie that no
script can read and no other site can send.
"""

from typing import Any, Final

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from litestar.response import Response

from domain import errors
from domain.accounts.account import Account
from domain.use_cases.accounts import SignedIn
from entrypoints.http.context import AppState, Cases, UserId, client_of
from entrypoints.http.problems import SIGNED_IN, documented
from entrypoints.http.schemas import AccessToken, Credentials

COOKIE: Final = "driftline_refresh"
COOKIE_PATH: Final = "/api/auth"
SAME_SITE: Final = "strict"


@post(
    "/register",
    operation_id="register",
    summary="Open an account",
    responses=documented(
        errors.InvalidInputError,
        errors.InvalidEmailError,
        errors.WeakPasswordError,
        errors.EmailTakenError,
        errors.RateLimitedError,
    ),
)
async def register(data: JSONBody[Credentials], request: Request[Any, Any, Any], use_cases: Cases) -> Account:
    """Open an account with an e-mail address and a password."""
    return await use_cases.register(data.email, data.password, client_of(request))


@post(
    "/login",
    operation_id="logIn",
    summary="Sign in",
    status_code=200,
    responses=documented(errors.InvalidInputError, errors.InvalidCredentialsError, errors.RateLimitedError),
)
async def log_in(
    data: JSONBody[Credentials], request: Request[Any, Any, Any], use_cases: Cases, state: AppState
) -> Response[AccessToken]:
    """Get an access token; the refresh token comes as a cookie."""
    signed_in = await use_cases.log_in(data.email, data.password, client_of(request))
    return _with_cookie(signed_in, secure=_secure(request, state))


@post(
    "/refresh",
    operation_id="refresh",
    summary="Stay signed in",
    status_code=200,
    responses=documented(
        errors.UnauthenticatedError, errors.InvalidTokenError, errors.ExpiredTokenError, errors.TokenReusedError
    ),
    security=[{"refreshCookie": []}],
)
async def refresh(request: Request[Any, Any, Any], use_cases: Cases, state: AppState) -> Response[AccessToken]:
    """Trade the cookie's refresh token for a new access token and a new cookie.

    A refresh token works once. Using one again ends every session that came of the same sign-in.
    """
    signed_in = await use_cases.refresh(request.cookies.get(COOKIE))
    return _with_cookie(signed_in, secure=_secure(request, state))


@post("/logout", operation_id="logOut", summary="Sign out", status_code=204, security=[{"refreshCookie": []}])
async def log_out(request: Request[Any, Any, Any], use_cases: Cases, state: AppState) -> Response[None]:
    """End the session of this browser. Being signed out already is no error."""
    await use_cases.log_out(request.cookies.get(COOKIE))
    return _without_cookie(secure=_secure(request, state))


@post(
    "/logout-everywhere",
    operation_id="logOutEverywhere",
    summary="Sign out everywhere",
    status_code=204,
    responses=documented(*SIGNED_IN),
    security=[{"accessToken": []}],
)
async def log_out_everywhere(
    request: Request[Any, Any, Any], use_cases: Cases, state: AppState, user_id: UserId
) -> Response[None]:
    """End the sessions of all browsers; access tokens already out expire within 15 minutes."""
    await use_cases.log_out_everywhere(user_id)
    return _without_cookie(secure=_secure(request, state))


@get(
    "/me",
    operation_id="whoAmI",
    summary="Who is signed in",
    responses=documented(*SIGNED_IN),
    security=[{"accessToken": []}],
)
async def who_am_i(use_cases: Cases, user_id: UserId) -> Account:
    """Show the account behind the access token."""
    return await use_cases.get_account(user_id)


def _secure(request: Request[Any, Any, Any], state: AppState) -> bool:
    return state.options.behind_tls or request.scope["scheme"] == "https"


def _with_cookie(signed_in: SignedIn, *, secure: bool) -> Response[AccessToken]:
    return Response(
        AccessToken(access_token=signed_in.access_token, expires_in=signed_in.expires_in),
        cookies=[_cookie(signed_in.refresh_token, signed_in.refresh_expires_in, secure=secure)],
    )


def _without_cookie(*, secure: bool) -> Response[None]:
    return Response(None, cookies=[_cookie("", 0, secure=secure)])


def _cookie(value: str, max_age: int, *, secure: bool) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        path=COOKIE_PATH,
        max_age=max_age,
        httponly=True,
        samesite=SAME_SITE,
        secure=secure,
    )
