"""Spark: fleets that one machine does not seal or ask; plumbing only, the domain lies elsewhere."""
