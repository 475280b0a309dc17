"""A function of every image of a data set, on all cores where that is worth it.

The first images tell how long one takes. Where much is left, further processes go on: they decode
the files themselves, and are free of what this process has loaded, threads of torch among it. They
are started without the user's script, which need not be guarded by `if __name__ == "__main__"`.
"""

from __future__ import annotations

import math
import multiprocessing
import time
import warnings
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from kgtransfer.errors import DataError
from kgtransfer.images.data.pictures import Pictures
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from concurrent.futures import Future

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images

    T = TypeVar("T")

__all__ = ["each", "mapped"]

FIRST = 0.25  # seconds in this process, which tell how long an image takes
WORTH = 4.0  # seconds that are left to it, from which on other processes are worth their start
PART = 0.5  # seconds of work that a process is given at a time
MOST = 64  # images of such a part
LARGEST = 2**20  # bytes of a function with all that it holds: more is not sent around
IDLE = 30  # seconds after which a process without work ends
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def mapped(function: Callable[[Picture], T], pictures: Sequence[Picture], what: str) -> Iterator[T]:
    """What a function makes of each picture, in their order.

    Args:
        function: of one picture alone; it may be called in another process.
        pictures: of any kind; of `Pictures` none is kept.
        what: what is being done, for people.

    Raises:
        DataError: a picture can no longer be read.
    """
    for result in each(function, Pictures.of(pictures).images, what):
        if isinstance(result, DataError):
            raise result
        yield result


def each(function: Callable[[Picture], T], images: Images, what: str) -> Iterator[T | DataError]:
    """What a function makes of each image, in their order; or why an image cannot be read.

    The results are the same whatever the number of processes. It is that of the cores that this
    process may use, by its affinity and its control group; `LOKY_MAX_CPU_COUNT` makes it less.

    Args:
        function: of one picture alone; it may be called in another process.
        images: of a data set.
        what: what is being done, for people.
    """
    started, done, seconds = time.perf_counter(), 0, 0.0
    here = _results(function, images)
    with bar(what, len(images)) as advance:
        for result in here:
            yield result
            advance()
            done += 1
            seconds = time.perf_counter() - started
            if seconds >= FIRST:
                break
        pace = seconds / max(done, 1)
        processes = _processes(pace * (len(images) - done))
        function_bytes = _sent(function) if processes > 1 else None
        if function_bytes:
            here.close()
            parts = _parts(images.take(range(done, len(images))), pace, processes)
            for results in _elsewhere(function_bytes, parts, processes):
                yield from results
                advance(len(results))
                done += len(results)
            here = _results(function, images.take(range(done, len(images))))
        for result in here:  # one core, or the processes ended
            yield result
            advance()


def _results(
    function: Callable[[Picture], T], images: Images
) -> Generator[T | DataError, None, None]:
    for picture in images.pictures():
        yield picture if isinstance(picture, DataError) else function(picture)


def _processes(seconds: float) -> int:
    """How many are worth it for so much work."""
    if seconds <= WORTH or multiprocessing.current_process().daemon:
        return 1
    from joblib import cpu_count

    return int(cpu_count())


def _sent(function: Callable[[Picture], Any]) -> bytes | None:
    """The function as other processes get it; None where it has to stay in this one."""
    from cloudpickle import dumps

    try:
        content: bytes = dumps(function)
    except Exception:  # what a function of the user's holds may raise anything
        return None
    return content if len(content) <= LARGEST else None


def _parts(images: Images, pace: float, processes: int) -> list[Images]:
    """The images in parts that take half a second, with nothing that no function asks for."""
    size = max(1, min(round(PART / pace), MOST, math.ceil(len(images) / processes)))
    rows = range(len(images))
    return [images.take(rows[start : start + size]).bare for start in range(0, len(images), size)]


def _elsewhere(function: bytes, parts: list[Images], processes: int) -> Iterator[list[Any]]:
    """Results part by part, in order; fewer parts where a process was ended from outside."""
    from joblib.externals.loky import BrokenProcessPool, get_reusable_executor

    # One that idled just before it got a part: others take it.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
    environment = dict.fromkeys((*THREADS, "LOKY_MAX_CPU_COUNT"), "1")
    pool = get_reusable_executor(processes, timeout=IDLE, env=environment)
    waiting: deque[Future[list[Any]]] = deque()
    try:
        for part in parts:
            waiting.append(pool.submit(_part, function, part))
            if len(waiting) > 2 * processes:  # no more are under way than are soon asked for
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        say("warning: a process was ended, perhaps for want of memory; going on with one")
    except KeyboardInterrupt:
        pool.shutdown(kill_workers=True)
        raise
    finally:
        for future in waiting:
            future.cancel()


def _part(function: bytes, images: Images) -> list[Any]:
    """In another process: what the function makes of some images."""
    return list(_results(_loaded(function), images))


@lru_cache(maxsize=4)
def _loaded(function: bytes) -> Callable[[Picture], Any]:
    from cloudpickle import loads

    loaded: Callable[[Picture], Any] = loads(function)
    return loaded
