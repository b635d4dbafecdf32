"""CloudTrail sources: files and streams to verbatim records."""
