"""What the bytes mean: CloudTrail, AWS and the verdict."""
