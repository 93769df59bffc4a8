"""Jobs in SQS."""
