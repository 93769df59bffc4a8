"""Sample datasets of our own making, each with anomalies that are known because they were planted."""

from domain.datasets.parse_options import ParseOptions
from domain.struct import Struct


class Planted(Struct, frozen=True):
    """What was put into a sample: the local date (or time) of its peak, the column, and the story behind it."""

    date: str
    metric: str
    story: str


class Sample(Struct, frozen=True):
    """A dataset to try the product on."""

    name: str
    title: str
    description: str
    file_name: str
    parse_options: ParseOptions
    planted: tuple[Planted, ...]
