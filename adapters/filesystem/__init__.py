"""Blobs and scratch folders in a directory."""
