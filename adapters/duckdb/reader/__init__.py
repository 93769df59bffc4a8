"""Reading tables: CSV, TSV, JSON, NDJSON, Parquet, and .gz of them, by content."""
