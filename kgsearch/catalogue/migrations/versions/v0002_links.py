"""References with all that they say, and what they lead to; documents by name, until when they have effect,
and the text of their heads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, make the references' table anew, and have the files read again: only they say what a reference says."""
    op.add_column("documents", sa.Column("name_key", sa.String, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("named_year", sa.Integer))
    op.add_column("documents", sa.Column("expires", sa.Date))
    op.add_column("documents", sa.Column("expires_in", sa.String, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("head", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_documents_name_key", "documents", ["name_key"])
    # Without their form and their clauses the old rows would be shown as references to nothing.
    op.drop_table("references")
    _create_references()
    _create_reference_targets()
    # What no reader read is read at the next run; documents whose words stay the same stay in the engine as they are.
    op.execute("UPDATE files SET read_by = '' WHERE status = 'ok'")


def downgrade() -> None:
    """Catalogues only go forward: a copy made before is the way back."""
    raise NotImplementedError


def _create_references() -> None:
    op.create_table(
        "references",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column(
            "document_key",
            sa.Integer,
            sa.ForeignKey("documents.key", ondelete="CASCADE", name="fk_references_document_key"),
            nullable=False,
        ),
        sa.Column("eid", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("document", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("issued", sa.Date),
        sa.Column("clauses", sa.JSON, nullable=False),
        sa.Column("relation", sa.String, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("number_key", sa.String, nullable=False),
        sa.Column("name_key", sa.String, nullable=False),
        sa.Column("sought", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    for column in ("document_key", "number_key", "name_key", "state"):
        op.create_index(f"ix_references_{column}", "references", [column])


def _create_reference_targets() -> None:
    op.create_table(
        "reference_targets",
        sa.Column(
            "reference_key",
            sa.Integer,
            sa.ForeignKey("references.key", ondelete="CASCADE", name="fk_reference_targets_reference_key"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column(
            "document_key",
            sa.Integer,
            sa.ForeignKey("documents.key", ondelete="CASCADE", name="fk_reference_targets_document_key"),
            nullable=False,
        ),
        sa.Column("eid", sa.String, nullable=False),
    )
    op.create_index("ix_reference_targets_document_key_eid", "reference_targets", ["document_key", "eid"])
