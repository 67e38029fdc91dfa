"""The errors that reach a caller. Each message says what is wrong, where, and what to do, in the user's language.

::

    KgsearchError
    ├── UsageError        the call was wrong: a bad query, filter, path or setting
    ├── ReadError         one file cannot be read or parsed; the others can
    ├── IndexStateError   the index cannot be used as it is: missing, of another version, damaged, not writable
    │   └── IndexLockedError   another process is writing it
    └── NotFoundError     what was asked for is not in the catalogue

The command line ends with status 1 for a ReadError and 2 for every other; the API answers 400, 404 or 503.
"""

import errno

from kgsearch.i18n import gettext as _


class KgsearchError(Exception):
    """Base of every error that kgsearch raises on purpose; ``str(error)`` is one clear line."""


class UsageError(KgsearchError):
    """The call was wrong."""


class ReadError(KgsearchError):
    """A file cannot be read as a document."""


class IndexStateError(KgsearchError):
    """The index is missing, of another version, damaged or cannot be written."""


class IndexLockedError(IndexStateError):
    """Another process is writing the index."""


class NotFoundError(KgsearchError):
    """Nothing in the catalogue answers to the name given."""


def reason_of(error: BaseException) -> str:
    """Why the system refused, in the user's language where it is one of the common reasons."""
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("no permission"),
        errno.EPERM: _("no permission"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("a part of the path is no folder"),
        errno.ENOSPC: _("the disk is full"),
        errno.EROFS: _("the disk is read-only"),
        errno.EIO: _("the disk reports an error"),
    }
    number = getattr(error, "errno", None)
    return known.get(number) or str(getattr(error, "strerror", None) or error) if number is not None else str(error)
