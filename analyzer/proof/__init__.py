"""Proof: what a stranger can check, made from the ledger and read again."""
