"""Keeping an index safe: backups of it, their restoring, and checks that its parts agree."""
