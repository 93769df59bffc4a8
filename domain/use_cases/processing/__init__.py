"""Use cases of the worker: from a stored file to warm analyses."""
