"""The tables as they are after the newest migration; a test compares the two.

Documents have a number of their own beside their id, so that a million clauses do not each repeat the slug, and so that
what comes later (versions of a document, corrections by hand, users) can point at a document whatever its id becomes.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("key", Integer, primary_key=True),
    # Relative to the corpus folder, with forward slashes.
    Column("path", String, nullable=False),
    # Of the content; "" where the content must be read (again) at the next run.
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    # When the file was last looked at: nanoseconds since 1970.
    Column("seen_ns", BigInteger, nullable=False),
    # 'ok', 'failed' or 'waiting' (not complete yet: what it held before stays), the latter two for `reason`.
    Column("status", String, nullable=False),
    Column("reason", Text, nullable=False),
    # What read it (a version of readers and parser): files read by another are read again.
    Column("read_by", String, nullable=False),
    Index(None, "path", unique=True),
    Index(None, "status"),
    Index(None, "sha256"),
)

documents = Table(
    "documents",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("number", String, nullable=False),
    Column("number_key", String, nullable=False),
    # Of what is cited by name (laws, documents without a number); "" for others. `named_year` is the year of the act so named: of a
    # consolidated text that of the law in it, where the text says so.
    Column("name_key", String, nullable=False, server_default=""),
    Column("named_year", Integer),
    Column("type", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuer", String, nullable=False),
    Column("place", String, nullable=False),
    Column("issued", Date),
    Column("signer", String, nullable=False),
    Column("signer_title", String, nullable=False),
    Column("effective", Date),
    Column("effective_in", String, nullable=False),
    Column("expires", Date),
    Column("expires_in", String, nullable=False, server_default=""),
    # The text of what stands before the preamble or the first clause, line by line.
    Column("head", Text, nullable=False, server_default=""),
    Column("secrecy", String, nullable=False),
    Column("recipients", JSON, nullable=False),
    Column("bases", JSON, nullable=False),
    # Remarks of the reading program: sentences, and {page, confidence} of each page recognised from a picture.
    Column("warnings", JSON, nullable=False),
    # [[start, end], …] in the text of the file `file_key`, as are the spans of its clauses.
    Column("header", JSON, nullable=False),
    # Digest of every word that can be found or shown: it decides whether the engine must be told of a change.
    Column("content", String, nullable=False),
    # The file that these words were taken from; None once the file is gone and another must be read. `sha256` is of its bytes as they
    # were then, "" where that is not known: other words of other bytes make a version of these.
    Column("file_key", ForeignKey("files.key", ondelete="SET NULL")),
    Column("sha256", String, nullable=False, server_default=""),
    # How many clauses it has, and the digest of these and its references as they were written ("": not known), by which `faults` knows
    # a flipped bit: SQLite looks at the form of its pages alone.
    Column("clauses", Integer, nullable=False, server_default="0"),
    Column("checksum", String, nullable=False, server_default=""),
    # CRC-32 of what is read of the row (`kgsearch.catalogue.records.row_checksum`); None where it was written before there was one.
    Column("crc", Integer),
    # 'pending' (to be indexed), 'indexed' or 'removed' (no file holds it; still to be taken out of the engine).
    Column("state", String, nullable=False),
    # How many passages the engine was given, once indexed.
    Column("passages", Integer, nullable=False),
    Index(None, "id", unique=True),
    Index(None, "number_key"),
    Index(None, "name_key"),
    # What a run counts is answered from this index alone.
    Index(None, "state", "id", "passages", "clauses"),
    Index(None, "issued"),
    Index(None, "file_key"),
)

document_files = Table(
    "document_files",
    metadata,
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True),
    Column("file_key", ForeignKey("files.key", ondelete="CASCADE"), primary_key=True),
    # Place of the document in the file, from 0.
    Column("position", Integer, nullable=False),
    # Digest of the document as this file holds it.
    Column("content", String, nullable=False),
    Index(None, "file_key"),
)

clauses = Table(
    "clauses",
    metadata,
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True),
    # In document order, from 0. The descendants of a clause are the positions after its own up to `last`.
    Column("position", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("eid", String, nullable=False),
    Column("parent", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("number", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("citation_key", Text, nullable=False),
    Column("headings", JSON, nullable=False),
    Column("page", Integer, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("footnotes", JSON, nullable=False),
    Column("marked_in", String, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("cells", JSON, nullable=False),
    Column("crc", Integer),
    Index(None, "document_key", "eid", unique=True),
    Index(None, "document_key", "citation_key"),
)

references = Table(
    "references",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), nullable=False),
    Column("eid", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("form", String, nullable=False),
    Column("document", String, nullable=False),
    Column("number", String, nullable=False),
    Column("year", Integer),
    Column("issued", Date),
    Column("clauses", JSON, nullable=False),
    Column("relation", String, nullable=False),
    # From when on what is repealed or replaced ends, where the clause says so.
    Column("since", Date),
    # What is looked for, with what the rest of the citing document says of it (`kgsearch.citations.sought.Sought`): under which key of
    # a number or a name, and what else it must be. Both keys are "" where the document itself is meant.
    Column("number_key", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("sought", JSON, nullable=False),
    # 'resolved', 'ambiguous' or 'missing', by the documents that the catalogue holds now.
    Column("state", String, nullable=False),
    Index(None, "document_key"),
    Index(None, "number_key"),
    Index(None, "name_key"),
    Index(None, "state"),
)

reference_targets = Table(
    "reference_targets",
    metadata,
    Column("reference_key", ForeignKey("references.key", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), nullable=False),
    # "" where the document whole is meant.
    Column("eid", String, nullable=False),
    Index(None, "document_key", "eid"),
)

# What documents were before their files were rewritten. By the document's id: its row is made anew when it leaves and comes back.
versions = Table(
    "versions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("document", String, nullable=False),
    # From 1 up, never given twice to different words.
    Column("number", Integer, nullable=False),
    # ISO 8601 time (UTC).
    Column("replaced", String, nullable=False),
    # The file and the bytes that its words were read from, and the digest of the words (`documents.content`).
    Column("path", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("content", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("issued", Date),
    Column("clauses", Integer, nullable=False),
    # The rows of document and clauses: JSON, compressed by zlib.
    Column("data", LargeBinary, nullable=False),
    Index(None, "document", "number", unique=True),
)

# What a file that cannot be read now held when it could: it stands for these documents, so that their versions are kept.
withdrawn = Table(
    "withdrawn",
    metadata,
    Column("document", String, primary_key=True),
    Column("file_key", ForeignKey("files.key", ondelete="CASCADE"), primary_key=True),
    Index(None, "file_key"),
)
