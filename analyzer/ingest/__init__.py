"""Ingest: from sources to sealed records; what touches files, processes and the ledger."""
