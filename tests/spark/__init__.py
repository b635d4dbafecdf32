"""Spark: a real cluster on the loopback interface; what it says, held against one machine."""
