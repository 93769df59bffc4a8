"""Which keys and prefixes a blob may have."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.datasets.storage_keys import MAX_KEY_BYTES, check_key, check_prefix
from domain.errors import InvalidInputError


@given(st.text(alphabet="ab./\\\0\n ~%-_Aü", max_size=30) | st.text(max_size=30))
def test_accepted_key_means_itself_below_any_root(key: str) -> None:
    try:
        check_key(key)
    except InvalidInputError:
        return
    joined = posixpath.normpath(posixpath.join("/root", key))
    assert joined == f"/root/{key}"
    assert key.isascii()


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True), min_size=1, max_size=10))
@pytest.mark.slow
def test_key_of_plain_segments_is_accepted(segments: list[str]) -> None:
    key = "/".join(segments)
    assert check_key(key) == key
    assert check_prefix(f"{key}/") == f"{key}/"


@pytest.mark.parametrize("key", ["", "/", "a/", "/a", "a//b", "..", "a/../b", "a\n", ".hidden", "ü", "a" * 201])
def test_refused_key_is_named_and_cut_if_long(key: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_key(key)
    assert refusal.value.details["field"] == "key"
    assert len(refusal.value.message) < 300


def test_longest_key_has_1024_bytes() -> None:
    longest = "/".join(["a" * 100] * 10) + "/" + "b" * 14
    assert len(check_key(longest)) == MAX_KEY_BYTES == 1024
    with pytest.raises(InvalidInputError):
        check_key(longest + "b")


@pytest.mark.parametrize("prefix", ["", "/", "//", "a//", "../", "."])
def test_prefix_that_would_mean_everything_or_nothing_is_refused(prefix: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_prefix(prefix)
    assert refusal.value.details["field"] == "prefix"
