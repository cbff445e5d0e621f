from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import (
    ChainId,
)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bti_docs.archive import Archive
from bti_docs.core.events import Act, ChainId, NewDocument
from bti_docs.errors import Conflict
from bti_docs.files import Disk

root, chain, me, count = Path(sys.argv[1]), ChainId(sys.argv[2]), sys.argv[3], int(sys.argv[4])
archive = Archive.open(root, Disk())
for number in range(count):
    name = f"2026-11-22_INN_{me}_{number}.pdf"
    new = NewDocument(name, name.encode(), "application/pdf", "received")
    payload = {"key": f"{me}-{number}"}
    act = Act("filed", me, payload=payload, documents=(new,)) if number % 2 else Act("sent", me)
    while True:
        try:
            archive.append(chain, archive.head(chain), act, datetime.now(UTC))
            break
        except Conflict:
            pass
"""


def test_four_programs_write_one_gapless_chain(archive: Archive, case: ChainId) -> None:
    count = 12
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, archive.root, case, f"u-{i}", str(count)])
        for i in range(4)
    ]
    assert [process.wait(60) for process in running] == [0] * 4
    history = archive.history(case)
    assert [entry.event.n for entry in history] == list(range(1, 4 + 4 * count))
    for i in range(4):
        mine = [entry for entry in history if entry.event.actor == f"u-{i}"]
        assert len(mine) == count
    report = verify(archive)
    assert report.ok
    assert report.documents == 2 + 4 * count // 2


def test_four_programs_claim_different_numbers(archive: Archive) -> None:
    script = (
        "import sys;from pathlib import Path;from bti_docs.archive import Archive;"
        "from bti_docs.files import Disk;a=Archive.open(Path(sys.argv[1]),Disk());"
        "print(*[a.new_case(2026) for _ in range(10)])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, archive.root], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    claimed = [name for process in running for name in process.communicate()[0].split()]
    assert len(set(claimed)) == len(claimed) == 40


PERSISTENT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bti_docs.archive import Archive
from bti_docs.core.events import Act, ChainId, NewDocument
from bti_docs.files import Disk

root, chain, count = Path(sys.argv[1]), ChainId(sys.argv[2]), int(sys.argv[3])
archive = Archive.open(root, Disk())
done = {e.payload["key"] for e in archive.history(chain) if e.payload}
for number in range(count):
    if f"k-{number}" not in done:
        name = f"2026-11-22_INN_{number:04d}.pdf"
        new = NewDocument(name, name.encode() * 5000, "application/pdf", "received")
        act = Act("filed", "u-1", payload={"key": f"k-{number}"}, documents=(new,))
        archive.append(chain, archive.head(chain), act, datetime.now(UTC))
"""


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_killed_fifty_times_without_warning_nothing_is_lost_or_doubled(
    archive: Archive, case: ChainId
) -> None:
    command = [sys.executable, "-c", PERSISTENT, archive.root, case, "400"]
    for number in range(50):
        running = subprocess.Popen(command)
        try:
            running.wait(0.25 + number % 7 / 50)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        assert verify(archive).ok
    subprocess.run(command, check=True)
    keys = [e.payload["key"] for e in archive.history(case) if e.payload][2:]
    assert keys == [f"k-{number}" for number in range(400)]
    archive.sweep(datetime.now(UTC) + timedelta(days=2))
    report = verify(archive)
    assert report.findings == ()
    assert report.documents == 402
