"""The cases that a plan's letters go into: opened or changed when they are needed, and no sooner.

They are opened many at a time, in the order of the input, so that their numbers follow its rows;
and let go of after their last letter, so that a long input takes no more memory than a short one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from bti_docs.app.cases import change_act, ensure_series, open_act
from bti_docs.app.issuing.known import Slot
from bti_docs.app.issuing.plan import Plan
from bti_docs.app.issuing.row import Wish
from bti_docs.app.office import Office
from bti_docs.app.relay import write_logs
from bti_docs.core.events import EMPTY, Act, ChainId
from bti_docs.core.model import Case

_TOGETHER: Final = 256
"""Cases that are opened and synced together."""


class SettledCases:
    """The cases of one plan, as they are now."""

    def __init__(self, office: Office, plan: Plan) -> None:
        self._office = office
        self._to_settle = iter(plan.slots)
        self._waiting = {slot.id for slot in plan.slots}
        self._letters = Counter(wish.slot.id for wish in plan.wishes)
        self._now: dict[ChainId, Case] = {}
        self._without_log: dict[ChainId, None] = {}
        self.chains: dict[str, ChainId] = {}
        """The number of each case that was opened or changed, by its slot."""

    def of(self, wish: Wish) -> Case:
        """The case of a letter; its number is known from now on."""
        slot = wish.slot
        while slot.id in self._waiting:
            self._settle(tuple(islice(self._to_settle, _TOGETHER)))
        if slot.id not in self.chains:
            if slot.case is None:
                raise ValueError(slot.id)
            self.chains[slot.id] = slot.case.chain
            self._now.setdefault(slot.case.chain, slot.case)
        return self._now[self.chains[slot.id]]

    def now(self, chain: ChainId) -> Case:
        """The case as it is after everything that was put."""
        return self._now[chain]

    def put(self, case: Case) -> None:
        """What the case is now."""
        self._now[case.chain] = case

    def written(self, wishes: Iterable[Wish]) -> None:
        """Bring the logs of these letters' cases up to date; the letters are written."""
        done = [wish.slot.id for wish in wishes]
        self._letters.subtract(done)
        chains = {self.chains[slot]: slot for slot in done}
        self._write_logs(chains)
        for chain, slot in chains.items():
            if not self._letters[slot]:
                del self._now[chain]

    def finish(self) -> None:
        """Settle the cases without a letter, and write the logs that are not written yet."""
        while some := tuple(islice(self._to_settle, _TOGETHER)):
            self._settle(some)
        self._write_logs(tuple(self._without_log))

    def _write_logs(self, chains: Iterable[ChainId]) -> None:
        write_logs(self._office, [self._now[chain] for chain in chains])
        for chain in chains:
            self._without_log.pop(chain, None)

    def _settle(self, slots: Sequence[Slot]) -> None:
        """Open or change the cases, so that their numbers are known before anything is printed."""
        for slot, case in zip(slots, self._settled(slots), strict=True):
            self.chains[slot.id] = case.chain
            self._now[case.chain] = case
            self._without_log[case.chain] = None
            self._waiting.discard(slot.id)
        idle = [self.chains[slot.id] for slot in slots if not self._letters[slot.id]]
        self._write_logs(idle)
        for chain in idle:
            del self._now[chain]

    def _settled(self, slots: Sequence[Slot]) -> Iterator[Case]:
        office = self._office
        new = [slot for slot in slots if slot.new and not slot.series]
        numbers = iter(office.archive.new_cases(office.today.year, len(new)))
        found: dict[str, Case] = {}
        steps: list[tuple[Case, Act]] = []
        for slot in slots:
            if slot.series:
                found[slot.id] = ensure_series(office, slot.series)
                continue
            if slot.record is None:
                raise ValueError(slot.id)
            case = slot.case or Case(next(numbers), EMPTY)
            act = (
                change_act(office, slot.case, slot.record)
                if slot.case
                else open_act(office, slot.record, slot.key)
            )
            found[slot.id] = case
            steps.append((case, act))
        grown = _grown(office, steps)
        return (grown.get(found[slot.id].chain, found[slot.id]) for slot in slots)


def _grown(office: Office, steps: Sequence[tuple[Case, Act]]) -> dict[ChainId, Case]:
    if not steps:
        return {}
    before = {case.chain: case for case, _ in steps}
    acts = [(case.chain, case.head, act) for case, act in steps]
    return office.grown(before, office.archive.append_many(acts, office.clock()))
