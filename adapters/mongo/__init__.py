"""Datasets, records as time buckets, analyses and annotations in MongoDB (6.0 or newer)."""
