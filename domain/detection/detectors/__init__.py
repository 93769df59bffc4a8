"""Detectors: each measures in its own way how far points are from what is expected."""
