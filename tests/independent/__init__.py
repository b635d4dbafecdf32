"""A second implementation of the formats, written from their specifications and nothing else.

It imports nothing of the product, not even its cryptography: RFC 8032 (Ed25519) in whole numbers,
RFC 6962 as it recurses, and C2SP signed-note, tlog-checkpoint and tlog-proof line by line. It is
slow and only as strict as the specifications ask.
"""
