"""Links that the service signs itself: good for one file, for a while."""

from datetime import timedelta

import pytest

from adapters.security.jwt import JwtAccessTokens
from adapters.security.links import HmacSignedLinks
from domain.errors import InvalidTokenError, LinkExpiredError, NotFoundError
from domain.ports.datasets import LinkedFile
from domain.reports.report import LINK_LIFETIME
from tests.support.fakes import FixedClock

KEY = b"k" * 32
FILE = LinkedFile(key="users/u/reports/r.csv", file_name="Sales-v1.csv", media_type="text/csv")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


def signed(clock: FixedClock, key: bytes = KEY, audience: str = "driftline/files") -> HmacSignedLinks:
    return HmacSignedLinks(key, audience, "/linked/", clock)


async def token_of(links: HmacSignedLinks) -> str:
    url = await links.link(FILE.key, FILE.file_name, FILE.media_type, LINK_LIFETIME)
    assert url.startswith("/linked/")
    return url.removeprefix("/linked/")


async def test_a_link_stands_for_its_file_until_it_ends(clock: FixedClock) -> None:
    links = signed(clock)
    token = await token_of(links)
    assert await links.opened(token) == FILE
    clock.advance(LINK_LIFETIME - timedelta(seconds=1))
    assert await links.opened(token) == FILE
    clock.advance(timedelta(seconds=1))
    with pytest.raises(LinkExpiredError, match="has expired"):
        await links.opened(token)


async def test_only_the_own_key_and_audience_open_a_file(clock: FixedClock) -> None:
    token = await token_of(signed(clock))
    for other in (signed(clock, b"x" * 32), signed(clock, audience="driftline")):
        with pytest.raises(NotFoundError):
            await other.opened(token)
    for wrong in ("", "a.b.c", token[:-2], token * 20):
        with pytest.raises(NotFoundError):
            await signed(clock).opened(wrong)


async def test_a_link_is_no_access_token_and_an_access_token_no_link(clock: FixedClock) -> None:
    tokens = JwtAccessTokens(KEY, "driftline", "driftline")
    with pytest.raises(InvalidTokenError):
        tokens.verify(await token_of(signed(clock)), clock.now())
    with pytest.raises(NotFoundError):
        await signed(clock).opened(tokens.issue("u", clock.now(), timedelta(minutes=5)))
