"""Playback: a whole history laid out in time, made once, so that any moment of it is a lookup."""
