"""Where the files are kept that are made from a version's own file, and can be made again."""

import hashlib

from domain.datasets.dataset import Dataset, version_prefix


def earlier_key(dataset: Dataset) -> str:
    """Where a version made by adding rows keeps the rows it was added to, so that it needs no other version."""
    return f"{dataset.source_key.removesuffix('source')}earlier"


def rejects_key(user_id: str, dataset_id: str, version: int) -> str:
    """Where the rows that could not be used are kept, as CSV: line, column, value, reason."""
    return f"{version_prefix(user_id, dataset_id, version)}rejects.csv"


def points_key(dataset: Dataset, metric: str, field: str) -> str:
    """Where all points of an analysis are kept, for zooming; ``field`` is ``domain.analysis.cache_key.cache_field``."""
    name = hashlib.sha256(metric.encode()).hexdigest()[:16]  # a column's name may hold anything
    return f"{points_prefix(dataset.user_id, dataset.id, dataset.version)}{name}-{field}"


def points_prefix(user_id: str, dataset_id: str, version: int) -> str:
    """What the points of all analyses of a version begin with."""
    return f"{version_prefix(user_id, dataset_id, version)}points/"
