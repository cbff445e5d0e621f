"""The one room that writes to disk, and the promise it keeps.

**A file is there whole, or not at all; and no file is ever written over.** `publish` writes every
new file of a batch under a temporary name in its own folder, makes it durable, reads it back, and
only then gives it its final name with an operation that fails when the name exists. Then it makes
the folder durable. Whoever kills the program between two steps leaves at most temporary files
(`.tmp-…`, swept after a day) and whole files; doing the same thing again finishes the work.

Derived files (a page made from the archive, a checksum list) are the exception: `rewrite` replaces
them in one step, so a reader sees the old or the new, never a half.

Everything goes through a `Disk`, whose primitive steps each call `_step` first, so that tests can
record them and break at any of them.
"""

from bti_docs.files.disk import TEMPORARY, Disk
from bti_docs.files.folders import (
    ensure_folder,
    ensure_folders,
    make_folders_exclusive,
    name_folder,
    remove_folder,
    sync_folder,
    sync_folders,
    temporary_folder,
)
from bti_docs.files.publish import (
    NameTaken,
    NewFile,
    file_digest,
    is_older,
    listing,
    mark,
    publish,
    publish_in_turns,
    read,
    remove,
    rewrite,
    rewrite_many,
    sweep_leftovers,
)

__all__ = [
    "TEMPORARY",
    "Disk",
    "NameTaken",
    "NewFile",
    "ensure_folder",
    "ensure_folders",
    "file_digest",
    "is_older",
    "listing",
    "make_folders_exclusive",
    "mark",
    "name_folder",
    "publish",
    "publish_in_turns",
    "read",
    "remove",
    "remove_folder",
    "rewrite",
    "rewrite_many",
    "sweep_leftovers",
    "sync_folder",
    "sync_folders",
    "temporary_folder",
]
