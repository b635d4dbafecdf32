"""The incident page: one database's case, for a file, a ticket or paper."""
