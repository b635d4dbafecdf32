"""The terminal: the command line and the dashboard; all that people see is said here."""
