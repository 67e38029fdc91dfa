"""Versions of documents, the documents that files which cannot be read held, and what a run need not count anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; no file has to be read again for them."""
    op.add_column("documents", sa.Column("sha256", sa.String, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("clauses", sa.Integer, nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("crc", sa.Integer))
    op.add_column("clauses", sa.Column("crc", sa.Integer))
    op.add_column("documents", sa.Column("checksum", sa.String, nullable=False, server_default=""))
    op.execute("UPDATE documents SET clauses = (SELECT count(*) FROM clauses c WHERE c.document_key = documents.key)")
    op.execute("UPDATE documents SET sha256 = coalesce((SELECT f.sha256 FROM files f WHERE f.key = documents.file_key), '')")
    op.drop_index("ix_documents_state", "documents")
    op.create_index("ix_documents_state_id_passages_clauses", "documents", ["state", "id", "passages", "clauses"])
    op.create_index("ix_files_sha256", "files", ["sha256"])
    _create_versions()
    _create_withdrawn()


def downgrade() -> None:
    """Catalogues only go forward: a copy made before is the way back."""
    raise NotImplementedError


def _create_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("document", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("replaced", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issued", sa.Date),
        sa.Column("clauses", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_versions_document_number", "versions", ["document", "number"], unique=True)


def _create_withdrawn() -> None:
    op.create_table(
        "withdrawn",
        sa.Column("document", sa.String, primary_key=True),
        sa.Column(
            "file_key",
            sa.Integer,
            sa.ForeignKey("files.key", ondelete="CASCADE", name="fk_withdrawn_file_key"),
            primary_key=True,
        ),
    )
    op.create_index("ix_withdrawn_file_key", "withdrawn", ["file_key"])
