"""Alembic's folder: how a catalogue of an older schema becomes one of the present. Run by `kgsearch.catalogue.migrating`."""
