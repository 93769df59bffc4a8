"""Use cases of datasets: list, follow, rename, delete, versions."""
