"""Engines: each finds candidates among analysed passages, behind the contract of `kgsearch.engines.base`.

A module is imported by who chooses that engine: none is imported here, because each brings its own library.
"""
