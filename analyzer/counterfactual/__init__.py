"""Counterfactuals: what would have been without some calls, or with others."""
