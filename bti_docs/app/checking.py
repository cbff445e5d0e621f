"""Is the archive what it was? Checkpoints, verification, and the event that says it was done.

Verification opens the archive by itself: it must work when nothing else dares to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bti_docs import files
from bti_docs.app.office import Office
from bti_docs.archive import Archive, Checkpoint, VerifyReport, checkpoint_text, verify
from bti_docs.config import read_settings
from bti_docs.core.events import Act, ChainId
from bti_docs.errors import InputError
from bti_docs.files import Disk

Progress = Callable[[int, int], None]


def verify_folder(
    root: Path,
    *,
    chains: Sequence[str] = (),
    checkpoint: Path | None = None,
    progress: Progress | None = None,
) -> VerifyReport:
    """Check the archive of the office in *root*, or just *chains*, and repair nothing.

    Raises:
        InputError: there is no such checkpoint file.
        ArchiveError: no archive, no such chain, or not a checkpoint.
    """
    archive = Archive.open(read_settings(root).archive, Disk())
    then = _checkpoint(checkpoint) if checkpoint else None
    wanted = [ChainId(chain) for chain in chains] or None
    return verify(archive, wanted, checkpoint=then, progress=progress)


def _checkpoint(path: Path) -> Checkpoint:
    data = files.read(path) if path.is_file() else None
    if data is None:
        raise InputError("input_missing", file=path.name)
    return Checkpoint.parse(data)


def note_verified(office: Office, report: VerifyReport) -> None:
    """Write in the office's own chain that the whole archive was found in order.

    Nothing is written about a broken one: then all writing stops.
    """
    codes = {
        "cases": report.cases,
        "documents": report.documents,
        "notes": len(report.findings),
    }
    office.note(Act("verified", office.actor, codes=codes))


def checkpoint_file(office: Office) -> tuple[bytes, int]:
    """The checkpoint's bytes, and how many chains it has; the act is noted first.

    So that the checkpoint holds the event that tells of it.

    Raises:
        IntegrityError: a case is broken, and a checkpoint without it would call it gone.
    """
    for error in office.broken.values():
        raise error
    office.note(Act("checkpoint", office.actor, codes={"on": office.today.isoformat()}))
    data = checkpoint_text(office.archive)
    return data, len(data.splitlines()) - 1


def second_place(office: Office) -> Path | None:
    """The file in the second place that config.toml names, for today's checkpoint."""
    folder = office.settings.checkpoint_to
    name = f"{office.today.isoformat()}_{office.archive.name}.txt"
    return folder / name if folder else None
