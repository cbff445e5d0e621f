"""Bulk merging on a Dask cluster: a worker is killed, and nothing is missing, double or told."""

from __future__ import annotations

import logging
import operator
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from bti_docs.merge.bulk import Outcome, Tally, bulk, outcomes
from bti_docs.merge.bulk.worker import Sealed
from tests.edges.bulk_samples import (
    SENTINEL,
    EndsWorker,
    assert_whole,
    documents,
    records,
    template,
)

distributed = pytest.importorskip("distributed", reason="needs the extra bti-docs[cluster]")
pytestmark = [
    pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning"),
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two worker processes that are started anew when they die, and that log all they can."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as made,
    ):
        made.register_worker_callbacks(_log_everything)
        yield made


def _log_everything() -> None:
    logging.getLogger("distributed").setLevel(logging.DEBUG)


def _logs(client: Any) -> str:  # noqa: ANN401  (no types without the extra)
    own = {"scheduler": client.get_scheduler_logs(), **client.get_worker_logs()}
    return str(own) + str(client.get_worker_logs(nanny=True))


def test_a_killed_worker_costs_nothing(client: Any, capfd: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401
    found: list[Outcome] = []
    doomed = next(iter(client.run(os.getpid).values()))

    def write(outcome: Outcome) -> None:
        found.append(outcome)
        if outcome.number == 60:
            os.kill(doomed, signal.SIGKILL)

    odd = records(600, _33=None, _480="\x00")
    with client.get_executor() as executor:
        tally = bulk(template(), odd, write, executor=executor, chunk=5, ahead=8)
    assert tally == Tally(598, 2)
    assert_whole(found, 600, {33: "missing_field", 480: "bad_character"})
    here = list(outcomes(template(), records(600, _33=None, _480="\x00")))
    assert documents(found) == documents(here)
    assert doomed not in client.run(os.getpid).values()
    assert SENTINEL not in _logs(client) + "".join(capfd.readouterr())


def test_a_task_that_fails_logs_no_argument(
    client: Any,  # noqa: ANN401
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Broken:
        def __reduce__(self) -> tuple[Any, tuple[int, int]]:
            return operator.truediv, (1, 0)

    with client.get_executor() as executor, pytest.raises(ZeroDivisionError):
        list(outcomes(template(), records(9, _5=Broken()), executor=executor))
    logged = _logs(client) + "".join(capfd.readouterr())
    assert "Compute Failed" in logged
    assert SENTINEL not in logged


def test_a_tasks_name_does_not_tell_its_values(client: Any) -> None:  # noqa: ANN401
    one, same = Sealed({"navn": SENTINEL}), Sealed({"navn": SENTINEL})
    assert client.submit(repr, one).key != client.submit(repr, same).key


@pytest.mark.soak
def test_a_record_that_ends_its_worker_is_found(client: Any) -> None:  # noqa: ANN401
    client.cluster.scheduler.allowed_failures = 0
    odd = records(40, _17=EndsWorker())
    with client.get_executor() as executor:
        found = list(outcomes(template(), odd, executor=executor, chunk=4, ahead=4))
    assert_whole(found, 40, {17: "record_ends_worker"})
