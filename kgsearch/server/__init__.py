"""The web application: pages and JSON API over a search service (`create_app`), and its server (`kgsearch.server.serving`)."""

from kgsearch.server.app import create_app
from kgsearch.server.service import CatalogueView, SearchService

__all__ = ["CatalogueView", "SearchService", "create_app"]
