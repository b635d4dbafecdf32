"""Databases: everything that AWS's rules say of DB instances and DB clusters."""
