"""Signatures seen, missed and sent to a person, kind by kind, and what the look costs a page."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable

from bti_docs.inbox import align, foreign_ink, measure_ink, page_image, printed_page, read_file
from bti_docs.simulate.signing import FORM, KINDS, PLACES, signed_page

_CHECK_SEED = 500_000
_GOAL_ROWS = ("clean", "stain", "fold", "show-through", "all three")
_ZONES = [place.box.grown(6) for place in PLACES]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the goals: 3,000 boxes and more")
    parser.add_argument("--seed", type=int, default=_CHECK_SEED)
    parser.add_argument("--rows", nargs="*", default=list(KINDS))
    parser.add_argument("--pages", type=int, default=0)
    arguments = parser.parse_args()
    print(f"{'':14}{'boxes':>7}{'seen':>7}{'look':>7}{'none':>7}"
          f"{'empty':>7}{'seen':>7}{'look':>7}{'none':>7}{'right':>9}")  # fmt: skip
    goal: Counter[tuple[bool, str]] = Counter()
    for number, row in enumerate(arguments.rows):
        pages = arguments.pages or (120 if arguments.full else 12)
        seeds = range(arguments.seed + 10_000 * number, arguments.seed + 10_000 * number + pages)
        counts = measured(row, seeds)
        goal += counts if row in _GOAL_ROWS else Counter()
        print(line(row, counts))
    print(line("goal rows", goal))
    cost()


def measured(row: str, seeds: Iterable[int]) -> Counter[tuple[bool, str]]:
    """How many boxes with and without a mark ended in each outcome."""
    counts: Counter[tuple[bool, str]] = Counter()
    for seed in seeds:
        page = signed_page(KINDS[row], seed)
        (reading,) = read_file(page.jpeg, "a.jpg").pages
        sheet = align(page_image(page.jpeg, "a.jpg", reading), reading.codes)
        for place, drawn in zip(PLACES, page.marks, strict=True):
            outcome = measure_ink(sheet, place.box).outcome if sheet else "look"
            counts[drawn is not None, outcome] += 1
    return counts


def line(row: str, counts: Counter[tuple[bool, str]]) -> str:
    """One row of the table; right: of what was decided without a person."""
    cells = [row.ljust(14)]
    for marked in (True, False):
        outcomes = [counts[marked, outcome] for outcome in ("seen", "look", "not_seen")]
        cells += [f"{number:7}" for number in (sum(outcomes), *outcomes)]
    right = counts[True, "seen"] + counts[False, "not_seen"]
    decided = right + counts[True, "not_seen"] + counts[False, "seen"]
    return "".join(cells) + f"{right / decided if decided else 0:9.2%}"


def cost() -> None:
    """Milliseconds of CPU a page: reading its codes, and everything the look adds."""
    jpeg = signed_page(KINDS["clean"], _CHECK_SEED).jpeg
    (reading,) = read_file(jpeg, "a.jpg").pages
    printed = printed_page(FORM, 1)
    page = page_image(jpeg, "a.jpg", reading)
    sheet = align(page, reading.codes)
    assert sheet is not None
    steps: dict[str, Callable[[], object]] = {
        "codes": lambda: read_file(jpeg, "a.jpg"),
        "the page again": lambda: page_image(jpeg, "a.jpg", reading),
        "laid straight": lambda: align(page, reading.codes),
        "six signatures": lambda: [measure_ink(sheet, place.box) for place in PLACES],
        "the page as issued": lambda: printed_page(FORM, 1),
        "other ink": lambda: foreign_ink(sheet, printed, _ZONES),
    }
    spent = {name: cpu_ms(step) for name, step in steps.items()}
    for name, ms in spent.items():
        print(f"{name:20}{ms:8.1f} ms")
    print(f"{'beyond the codes':20}{sum(spent.values()) - spent['codes']:8.1f} ms")


def cpu_ms(step: Callable[[], object]) -> float:
    """The least CPU time of ten runs."""
    times = []
    for _ in range(10):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    return min(times) * 1000


if __name__ == "__main__":
    main()
