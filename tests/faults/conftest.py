"""The keys of the test servers."""

from tests.support.aws_stores import aws_keys

__all__ = ["aws_keys"]
