"""Findings: their contract, the way from rules to incidents, and what is suppressed."""
