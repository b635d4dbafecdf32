"""KMS keys: everything that AWS's rules say of one."""
