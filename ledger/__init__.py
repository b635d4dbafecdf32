"""The log: bytes, order and hashes."""
