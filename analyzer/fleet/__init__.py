"""Fleets: a folder of ledgers, one for each account and Region, asked and proved as one."""
