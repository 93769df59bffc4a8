"""Requests of a signed-in user: the access token is renewed before it ends, and once more if it is refused."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar

import httpx
import msgspec

from entrypoints.client.problems import ProblemError, UnreachableError, checked
from entrypoints.http.schemas import AccessToken

RENEW_BEFORE: Final = 30.0  # seconds: a token must outlast the request that it begins
T = TypeVar("T")


class Session:
    """One server and, once signed in, one account."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._token: str | None = None
        self._renew_at = 0.0
        self._renewing = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def sign_in(self, email: str, password: str) -> None:
        """Get tokens for an account; the refresh token is a cookie that ``httpx`` keeps."""
        self._take(self._sent("POST", "/api/auth/login", json={"email": email, "password": password}))

    def sign_out(self) -> None:
        """End the session on the server."""
        self._sent("POST", "/api/auth/logout")
        self._token = None

    def ask(self, method: str, path: str, answer: type[T], **request: Any) -> T:
        """Send a request and return its answer as ``answer``. Raises ProblemError, UnreachableError."""
        return msgspec.json.decode(self.send(method, path, **request).content, type=answer)

    def send(
        self, method: str, path: str, *, again: Callable[[], dict[str, Any]] = dict, **request: Any
    ) -> httpx.Response:
        """Send a request; if the token is refused, renew it and send once more.

        Args:
            method: as GET.
            path: from ``/api`` on.
            again: remakes what a second attempt needs (a file that was read to its end).
            **request: as httpx takes it.
        """
        self._renew_if_due()
        used = self._token
        try:
            return self._sent(method, path, headers=self._headers(), **request, **again())
        except ProblemError as problem:
            if problem.status != HTTPStatus.UNAUTHORIZED or used is None:
                raise
        self._renew(instead_of=used)
        return self._sent(method, path, headers=self._headers(), **request, **again())

    def post_elsewhere(self, url: str, fields: dict[str, str], file: tuple[str, Any]) -> None:
        """Send a form with a file to another server, which is told nothing of this session.

        Raises:
            ProblemError: it did not take the file.
            UnreachableError: it does not answer.
        """
        self._sent("POST", url, data=fields, files={"file": file})

    def absolute(self, url: str) -> str:
        """Return an address as others can use it: a path is one of this server."""
        return str(self._http.base_url.join(url))

    @contextmanager
    def stream(self, path: str, **request: Any) -> Iterator[httpx.Response]:
        """Read an answer as it comes. Raises ProblemError, UnreachableError."""
        self._renew_if_due()
        try:
            with self._http.stream("GET", path, headers=self._headers(), **request) as answer:
                if not answer.is_success:
                    answer.read()
                yield checked(answer)
        except httpx.TransportError as error:
            raise UnreachableError(f"The server broke off at {path}: {error}") from error

    def _sent(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return checked(self._http.request(method, path, **request))
        except httpx.TransportError as error:
            raise UnreachableError(f"No answer from {self._http.base_url} to {method} {path}: {error}") from error

    def _headers(self) -> dict[str, str]:
        return {} if self._token is None else {"authorization": f"Bearer {self._token}"}

    def _renew_if_due(self) -> None:
        if self._token is not None and time.monotonic() >= self._renew_at:
            self._renew(instead_of=self._token)

    def _renew(self, instead_of: str) -> None:
        """Trade the refresh token, once for all threads: a second use of one would end the session."""
        with self._renewing:
            if self._token == instead_of:
                self._take(self._sent("POST", "/api/auth/refresh"))

    def _take(self, answer: httpx.Response) -> None:
        token = msgspec.json.decode(answer.content, type=AccessToken)
        self._token = token.access_token
        self._renew_at = time.monotonic() + token.expires_in - RENEW_BEFORE
