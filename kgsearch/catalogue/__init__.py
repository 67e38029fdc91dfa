"""The catalogue: the database of documents, clauses, references and files, and the one truth that the index is built from.

`Catalogue` writes it (SQLAlchemy, with migrations), `CatalogueReader` reads it (the standard library's sqlite3). Both are
loaded on first access: a search must not pay for the object mapper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgsearch.catalogue.passages import passages_of
    from kgsearch.catalogue.prepared import Holding, holdings_of
    from kgsearch.catalogue.reading import CatalogueReader
    from kgsearch.catalogue.writing import Catalogue

__all__ = ["Catalogue", "CatalogueReader", "Holding", "holdings_of", "passages_of"]

_MODULES = {
    "Catalogue": "kgsearch.catalogue.writing",
    "CatalogueReader": "kgsearch.catalogue.reading",
    "Holding": "kgsearch.catalogue.prepared",
    "holdings_of": "kgsearch.catalogue.prepared",
    "passages_of": "kgsearch.catalogue.passages",
}


def __getattr__(name: str) -> Any:
    """The public name ``name``, from its module (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module 'kgsearch.catalogue' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
