"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table("meta", sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    _create_files()
    _create_documents()
    _create_document_files()
    _create_clauses()
    _create_references()


def downgrade() -> None:
    """Catalogues only go forward: a copy made before is the way back."""
    raise NotImplementedError


def _create_files() -> None:
    op.create_table(
        "files",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("seen_ns", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("read_by", sa.String, nullable=False),
    )
    op.create_index("ix_files_path", "files", ["path"], unique=True)
    op.create_index("ix_files_status", "files", ["status"])


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("number_key", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issuer", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("issued", sa.Date),
        sa.Column("signer", sa.String, nullable=False),
        sa.Column("signer_title", sa.String, nullable=False),
        sa.Column("effective", sa.Date),
        sa.Column("effective_in", sa.String, nullable=False),
        sa.Column("secrecy", sa.String, nullable=False),
        sa.Column("recipients", sa.JSON, nullable=False),
        sa.Column("bases", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("header", sa.JSON, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("file_key", sa.Integer, sa.ForeignKey("files.key", ondelete="SET NULL", name="fk_documents_file_key")),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
    )
    op.create_index("ix_documents_id", "documents", ["id"], unique=True)
    for column in ("number_key", "state", "issued", "file_key"):
        op.create_index(f"ix_documents_{column}", "documents", [column])


def _create_document_files() -> None:
    op.create_table(
        "document_files",
        _document_key("document_files", primary_key=True),
        sa.Column(
            "file_key", sa.Integer, sa.ForeignKey("files.key", ondelete="CASCADE", name="fk_document_files_file_key"), primary_key=True
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("content", sa.String, nullable=False),
    )
    op.create_index("ix_document_files_file_key", "document_files", ["file_key"])


def _create_clauses() -> None:
    op.create_table(
        "clauses",
        _document_key("clauses", primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("eid", sa.String, nullable=False),
        sa.Column("parent", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("citation", sa.Text, nullable=False),
        sa.Column("citation_key", sa.Text, nullable=False),
        sa.Column("headings", sa.JSON, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("spans", sa.JSON, nullable=False),
        sa.Column("footnotes", sa.JSON, nullable=False),
        sa.Column("marked_in", sa.String, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
    )
    op.create_index("ix_clauses_document_key_eid", "clauses", ["document_key", "eid"], unique=True)
    op.create_index("ix_clauses_document_key_citation_key", "clauses", ["document_key", "citation_key"])


def _create_references() -> None:
    op.create_table(
        "references",
        sa.Column("key", sa.Integer, primary_key=True),
        _document_key("references"),
        sa.Column("eid", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("number_key", sa.String, nullable=False),
    )
    op.create_index("ix_references_document_key", "references", ["document_key"])
    op.create_index("ix_references_number_key", "references", ["number_key"])


def _document_key(table: str, *, primary_key: bool = False) -> sa.Column[int]:
    """The column that ties a row to its document and goes with it."""
    document = sa.ForeignKey("documents.key", ondelete="CASCADE", name=f"fk_{table}_document_key")
    return sa.Column("document_key", sa.Integer, document, primary_key=primary_key, nullable=False)
