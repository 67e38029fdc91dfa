"""What relations between documents, and their standing, are called; for pages and command line alike."""

from __future__ import annotations

from kgsearch.i18n import gettext as _
from kgsearch.models import Force, Relation


def relation_name(relation: Relation, *, incoming: bool, whole: bool = True) -> str:
    """What is said of a document (``incoming``), or what it says of another; not ``whole``: of parts alone, which must not say too much."""
    names = {
        (Relation.BASIS, False): _("Based on"),
        (Relation.BASIS, True): _("Basis of"),
        (Relation.AMENDS, False): _("Amends"),
        (Relation.AMENDS, True): _("Amended by"),
        (Relation.REPLACES, False): _("Replaces") if whole else _("Replaces in part"),
        (Relation.REPLACES, True): _("Replaced by") if whole else _("Replaced in part by"),
        (Relation.REPEALS, False): _("Repeals") if whole else _("Repeals in part"),
        (Relation.REPEALS, True): _("Repealed by") if whole else _("Repealed in part by"),
        (Relation.GUIDES, False): _("Guides the application of"),
        (Relation.GUIDES, True): _("Its application is guided by"),
        (Relation.ISSUED_WITH, False): _("Issued together with"),
        (Relation.ISSUED_WITH, True): _("Named as issued together by"),
        (Relation.CITES, False): _("Cites"),
        (Relation.CITES, True): _("Cited by"),
    }
    return names[relation, incoming]


def force_name(force: Force) -> str:
    """What a standing is called."""
    return {
        Force.IN_FORCE: _("In force"),
        Force.PARTLY_ENDED: _("Partly no longer in force"),
        Force.ENDED: _("No longer in force"),
        Force.NOT_YET: _("Not yet in force"),
        Force.UNKNOWN: _("Not known whether in force"),
    }[force]
