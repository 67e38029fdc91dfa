"""Which catalogue this program reads and writes. Apart, so that the reader knows it without the object mapper."""

SCHEMA_VERSION = 3
"""Number of the newest migration (``migrations/versions/v0001_…``); stamped in the catalogue's ``meta`` table."""

LEXICON_BEHIND = "lexicon_behind"
"""The key in ``meta`` of how many times a file came, went or changed since the lexicon was learnt."""

ENGINE_COMMIT = "engine_commit"
"""The key in ``meta`` of the engine's commit that was found to hold what the catalogue says; "" since it was told of another."""
