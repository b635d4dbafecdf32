"""The terminal: commands, and later the dashboard."""
