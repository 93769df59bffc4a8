"""Sample datasets of our own making, each with anomalies that are known because they were planted."""

from domain.dataset import Roles
from domain.value import Value


class Planted(Value, frozen=True):
    """What was put into a sample: the local date (or time) of its peak, the column, and the story behind it."""

    date: str
    metric: str
    story: str


class Sample(Value, frozen=True):
    """A dataset to try the product on."""

    name: str
    title: str
    description: str
    file_name: str
    roles: Roles
    planted: tuple[Planted, ...]
