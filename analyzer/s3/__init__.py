"""S3 and SQS: which objects a bucket holds of a trail, and their bytes, as sources of an ingest."""
