"""Benchmarks: how fast keyledger is beside its peers and floors, as ratios taken in one run.

`python -m tests.bench` is never part of the timed test run, and no test asserts a time.
"""
