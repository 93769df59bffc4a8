"""What Driftline knows, without any I/O: standard library, numpy, scipy and msgspec only."""
