"""Bulk merging over processes: whole, in order, and the same bytes, whatever dies on the way."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.errors import MergeError
from bti_docs.merge import Template
from bti_docs.merge.bulk import Job, Outcome, Refused, Rendered, Tally, bulk, outcomes, process_pool
from bti_docs.merge.bulk.jobs import chunks_of
from bti_docs.merge.bulk.processes import Processes, WorkerLost
from bti_docs.merge.bulk.worker import Sealed
from tests.edges import bulk_samples
from tests.edges.bulk_samples import SENTINEL, EndsWorker, assert_whole, documents, records
from tests.edges.docx_samples import docx, p

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture(scope="module")
def template() -> Template:
    return bulk_samples.template()


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with process_pool(2) as made:
        yield made


def kill_one(pool: Processes) -> bool:
    """Kill a worker, whatever it is doing; true when there was one."""
    for pid in pool.workers[:1]:
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def test_the_same_bytes_here_in_threads_and_in_processes(
    template: Template, pool: Executor
) -> None:
    here = list(outcomes(template, records(100)))
    assert_whole(here, 100)
    with ThreadPoolExecutor(2) as threads:
        assert list(outcomes(template, records(100), executor=threads, chunk=7)) == here
    assert list(outcomes(template, records(100), executor=pool, chunk=7)) == here
    assert documents(here) == [template.render(one) for one in records(100)]


def test_a_record_fails_alone(template: Template, pool: Executor) -> None:
    codes = {3: "missing_field", 8: "bad_character", 20: "missing_field"}
    for executor in (None, pool):
        found: list[Outcome] = []
        odd = records(20, _3=None, _8="\x00", _20=None)
        tally = bulk(template, odd, found.append, executor=executor, chunk=4)
        assert tally == Tally(17, 3)
        assert_whole(found, 20, codes)
        errors = [one.error for one in found if isinstance(one, Refused)]
        assert {error.params["field"] for error in errors} == {"navn"}
        assert SENTINEL not in repr(found)


def test_jobs_bring_their_own_properties(template: Template, pool: Executor) -> None:
    jobs = [Job(bulk_samples.record(n), properties={"BTI-nr": str(n)}) for n in range(1, 4)]
    found = list(outcomes(template, jobs, executor=pool))
    wanted = [template.render(job.data, properties=job.properties) for job in jobs]
    assert documents(found) == wanted


def test_unknown_keys_are_refused_when_asked(template: Template, pool: Executor) -> None:
    odd = [{**bulk_samples.record(1), "ekstra": "x"}]
    found = list(outcomes(template, odd, executor=pool, refuse_unknown=True))
    assert [one.error.code for one in found if isinstance(one, Refused)] == ["unknown_field"]


def test_no_records(template: Template, pool: Executor) -> None:
    assert list(outcomes(template, [])) == []
    assert list(outcomes(template, [], executor=pool)) == []


@pytest.mark.parametrize("chunk", [0, -1])
def test_a_chunk_holds_something(template: Template, chunk: int) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match=str(chunk)):
        list(outcomes(template, [{}], executor=pool, chunk=chunk))


def test_a_template_with_errors_is_refused_before_anything(pool: Executor) -> None:
    faulty = Template.open(docx(p("{{ navn")))
    with pytest.raises(MergeError) as raised:
        next(outcomes(faulty, records(1), executor=pool))
    assert raised.value.code == "tpl_has_errors"


def test_killed_workers_cost_nothing(template: Template) -> None:
    pool, found, killed = process_pool(2), list[Outcome](), 0

    def write(outcome: Outcome) -> None:
        nonlocal killed
        found.append(outcome)
        killed += outcome.number in {10, 150} and kill_one(pool)

    assert bulk(template, records(300), write, executor=lambda: pool, chunk=5) == Tally(300, 0)
    assert_whole(found, 300)
    assert killed == 2
    assert documents(found) == documents(list(outcomes(template, records(300))))


@pytest.mark.soak
def test_workers_killed_again_and_again(template: Template) -> None:
    pool, draw, found, killed = process_pool(2), random.Random(7), list[Outcome](), 0  # noqa: S311

    def write(outcome: Outcome) -> None:
        nonlocal killed
        found.append(outcome)
        killed += draw.random() < 0.01 and kill_one(pool)

    bulk(template, records(10_000), write, executor=lambda: pool, chunk=16)
    codes = {one.number: one.error.code for one in found if isinstance(one, Refused)}
    assert set(codes.values()) <= {"record_ends_worker"}  # killed each time it was tried
    assert len(codes) <= 2
    assert_whole(found, 10_000, codes)
    assert killed > 50


@pytest.mark.parametrize("make", [partial(process_pool, 2), partial(ProcessPoolExecutor, 2)])
def test_a_record_that_ends_its_worker_is_found(
    template: Template, make: Callable[[], Executor]
) -> None:
    odd = records(60, _17=EndsWorker(), _30=None)
    found = list(outcomes(template, odd, executor=make, chunk=4))
    assert_whole(found, 60, {17: "record_ends_worker", 30: "missing_field"})


def test_a_given_pool_that_breaks_says_so(template: Template) -> None:
    with ProcessPoolExecutor(1) as broken, pytest.raises(MergeError) as raised:
        list(outcomes(template, records(20, _9=EndsWorker()), executor=broken, chunk=4))
    assert raised.value.code == "workers_lost"


def test_workers_that_never_start_are_no_records_fault(template: Template) -> None:
    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, initializer=partial(os._exit, 3))

    with pytest.raises(MergeError) as raised:
        list(outcomes(template, records(20), executor=pool, chunk=4))
    assert raised.value.code == "workers_lost"


class Slow(Executor):
    """Does nothing until asked for the result, and counts what waits."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def submit(self, work, /, *args, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN201
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        slow = self

        class Later(Future):  # type: ignore[type-arg]
            def result(self, timeout: float | None = None) -> object:
                del timeout
                slow.waiting -= 1
                return work(*args, **how)

        return Later()


def test_only_a_window_is_under_way(template: Template) -> None:
    slow, asked = Slow(), 0

    def counted() -> Iterator[dict[str, object]]:
        nonlocal asked
        for one in records(10_000):
            asked += 1
            yield one

    found = outcomes(template, counted(), executor=slow, chunk=4, ahead=3)
    assert [next(found).number for _ in range(10)] == list(range(1, 11))
    assert slow.most == 3
    assert asked <= 4 * (3 + 3)
    found.close()


def test_what_fails_while_writing_ends_it_all(template: Template) -> None:
    def write(outcome: Outcome) -> None:
        if outcome.number == 7:
            raise OSError(28, "full")

    before = set(multiprocessing.active_children())
    with pytest.raises(OSError, match="full"):
        bulk(template, records(400), write, executor=process_pool, chunk=2)
    assert set(multiprocessing.active_children()) <= before


def test_what_a_task_raises_comes_back(pool: Executor) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        pool.submit(divmod, 1, 0).result()
    assert "ZeroDivisionError" in raised.value.__notes__[0]
    with pytest.raises(FileNotFoundError):
        pool.submit(os.stat, "/no/such/file").result()
    with pytest.raises(WorkerLost):
        pool.submit(os._exit, 3).result()
    assert pool.submit(divmod, 7, 2).result() == (3, 1)


def test_sealed_values_say_nothing() -> None:
    sealed = Sealed({"navn": SENTINEL})
    assert SENTINEL not in repr(sealed)
    assert SENTINEL not in f"{sealed} {[sealed]}"
    assert sealed.open() == {"navn": SENTINEL}
    assert sealed == Sealed({"navn": SENTINEL})
    assert sealed != Sealed({})
    assert SENTINEL not in repr(Job({"navn": SENTINEL}))
    assert SENTINEL not in repr(Rendered(1, SENTINEL.encode()))


@given(count=st.integers(0, 40), size=st.integers(1, 9))
def test_chunks_hold_every_record_once(count: int, size: int) -> None:
    made = list(chunks_of(({"n": n} for n in range(1, count + 1)), size))
    flat = [job.data["n"] for chunk in made for job in chunk.jobs]
    assert flat == list(range(1, count + 1))
    assert [chunk.first for chunk in made] == list(range(1, count + 1, size))
    for chunk in made:
        if len(chunk.jobs) > 1:
            first, second = chunk.halves()
            assert first.jobs + second.jobs == chunk.jobs
            assert second.first == first.first + len(first.jobs)


SCRIPT = """
import itertools, sys
from bti_docs.merge.bulk import bulk
from tests.edges.bulk_samples import record, template

def write(outcome):
    print(outcome.number, flush=True)

if __name__ == "__main__":
    bulk(template(), map(record, itertools.count(1)), write)
"""


@posix
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_stopped_from_outside(tmp_path: Path, sent: signal.Signals) -> None:
    script = tmp_path / "endless.py"
    script.write_text(SCRIPT, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    trouble = tmp_path / "trouble.txt"
    with trouble.open("w") as errors, subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=errors, text=True,
        env={**os.environ, "PYTHONPATH": root}, start_new_session=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        said = [int(running.stdout.readline()) for _ in range(200)]
        if sent == signal.SIGINT:
            os.killpg(running.pid, sent)  # as a terminal does: to the workers too
        else:
            running.send_signal(sent)
        said += [int(line) for line in running.stdout if line.endswith("\n")]
    assert said == list(range(1, len(said) + 1))  # the first part of the whole
    interrupted = trouble.read_text().count("Traceback")
    assert interrupted == (sent == signal.SIGINT), "workers leave Ctrl-C to the parent"
    assert_gone(running.pid)


def assert_gone(group: int) -> None:
    """Nobody of the process group is left after a moment."""
    for _ in range(100):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, 0)
            time.sleep(0.1)
            continue
        return
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("a worker outlived its parent")
