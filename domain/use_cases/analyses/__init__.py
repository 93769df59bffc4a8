"""Use cases of analyses: compute, read, zoom, analyse a local file."""
