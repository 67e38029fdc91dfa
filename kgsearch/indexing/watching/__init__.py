"""Watching the corpus folder: what is heard of it, which of its files are complete, and when a run is due."""
