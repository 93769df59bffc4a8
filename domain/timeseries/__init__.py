"""Time series: calendar buckets, time zones, granularity, aggregation."""
