"""What can go wrong between a client and the server, as exceptions."""

from typing import Any

import httpx
import msgspec
from typing_extensions import override


class ClientError(Exception):
    """Everything the client raises."""


class ProblemError(ClientError):
    """The server refused or failed, and said why (RFC 9457).

    Attributes:
        status: the HTTP number.
        code: the problem's stable code, as ``dataset_not_found``; "" where the answer was no problem document.
        detail: why, in a sentence.
        field: which input it is about, if it is about one.
        body: all of the answer.
    """

    def __init__(self, status: int, body: dict[str, Any], text: str) -> None:
        super().__init__(status, body, text)
        self.status = status
        self.body = body
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", "")) or text[:200]
        self.field: str | None = body.get("field")

    @override
    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"


class UnreachableError(ClientError):
    """No server answered, or it broke off."""


class ProcessingFailedError(ClientError):
    """A file could not be processed, or a report not be made: ``code`` and ``detail`` say why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @override
    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class WaitedTooLongError(ClientError):
    """It was not done in the time given; it goes on, and can be waited for again."""


def checked(answer: httpx.Response) -> httpx.Response:
    """Return an answer that has been read, if it is no refusal. Raises ProblemError."""
    if answer.is_success:
        return answer
    try:
        body = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        body = {}
    raise ProblemError(answer.status_code, body, answer.text)
