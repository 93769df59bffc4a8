"""Cache, queue, news and rate limits inside one process: the embedded profile."""
