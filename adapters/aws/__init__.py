"""S3 and SQS, or servers with their protocol."""
