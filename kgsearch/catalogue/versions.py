"""Which catalogue this program reads and writes. Apart, so that the reader knows it without the object mapper."""

SCHEMA_VERSION = 2
"""Number of the newest migration (``migrations/versions/v0001_…``); stamped in the catalogue's ``meta`` table."""
