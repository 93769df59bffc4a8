"""Records as Parquet files, asked by DuckDB."""
