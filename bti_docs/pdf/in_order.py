"""Work in shares: items go to so many threads, several at once, and come back in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def in_order(
    call: Callable[[Sequence[_Item]], Sequence[_Made]],
    items: Iterable[_Item],
    *,
    workers: int,
    most: int,
) -> Iterator[_Made]:
    """What *call* makes of *items*, one for one, in their order.

    Shares are sized by guided self-scheduling: at most *most* items, and fewer when little is
    left, so that all threads end together. Items are drawn while others are worked on, one share
    ahead of every thread; no more than `8 * workers * most` are in memory at once.

    Args:
        call: Makes one result for each item of a share; called in *workers* threads.
        items: Drawn in the caller's thread.
        workers: How many shares are worked on at once.
        most: Items in a share at most.
    """
    source = iter(items)
    ready: deque[_Item] = deque()
    waiting: deque[Future[Sequence[_Made]]] = deque()
    threads = ThreadPoolExecutor(workers)
    try:
        while True:
            room = len(ready) < 2 * workers * most
            drawn = list(islice(source, 1)) if room else []
            ready += drawn
            busy = [one for one in waiting if not one.done()]
            if ready and len(busy) <= workers and len(waiting) < 3 * workers:
                share = [ready.popleft() for _ in range(_share(len(ready), workers, most))]
                waiting.append(threads.submit(call, share))
            elif not drawn:
                wait(busy, return_when=FIRST_COMPLETED)
            while waiting and waiting[0].done():
                yield from waiting.popleft().result()
            if not (drawn or ready or waiting):
                return
    finally:
        threads.shutdown(cancel_futures=True)


def _share(ready: int, workers: int, most: int) -> int:
    return min(most, -(-ready // (2 * workers)))
