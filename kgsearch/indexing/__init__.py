"""Keeping catalogue and engine in step with the corpus folder: `sync` does it, `status` says how things stand."""

from kgsearch.indexing.inspection import status
from kgsearch.indexing.report import Progress, Report
from kgsearch.indexing.synchronise import sync

__all__ = ["Progress", "Report", "status", "sync"]
