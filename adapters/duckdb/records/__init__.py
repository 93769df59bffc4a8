"""Rows of datasets in Parquet, asked through DuckDB."""
