"""RDS DB instances: what records say of one, and the attributes that follow."""
