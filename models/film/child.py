"""A program of its own that works on one film: the film comes on standard input, JSON lines go out.

Started with ``python -I -m models.film.child JOB``. A file made to fill the memory or to crash a codec ends this
process and no other. It tells ``at`` (0..1) while it works, then ``end`` or ``error``; after a look, ``facts``.
"""

import errno
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from models.film.job import FilmError, FilmLimits, Job

TELL_EVERY_S = 0.2
NICE = 10
KNOWN = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.ENOMEM: "too_much"}


def tell(**line: object) -> None:
    """Write one line; when nobody listens any more, this ends the program."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(file: Path) -> None:
    """Do the job that is written in ``file``."""
    job = Job.read(file.read_text(encoding="utf-8"))
    _lock_in(job.limits)
    import av

    av.logging.set_level(None)
    try:
        _told(_work(job))
        tell(end=True)
    except FilmError as error:
        tell(error=error.trouble)
    except MemoryError:
        tell(error="too_much")
    except ValueError:  # how PyAV refuses what it does not know
        tell(error="unreadable")
    except av.FFmpegError as error:
        tell(error=KNOWN.get(error.errno or 0, "unreadable"))
    except OSError as error:
        tell(error=KNOWN.get(error.errno or 0, "unwritable"))


def _work(job: Job) -> Iterator[float]:
    if job.mode == "look":
        from models.film.source import facts, opened

        with opened() as container:
            tell(facts=asdict(facts(container, job.limits)))
        return iter(())
    if job.mode == "attach":
        from models.film.attach import attach

        return attach(job)
    from models.film.burn import burn

    return burn(job)


def _told(progress: Iterator[float]) -> None:
    told_at = 0.0
    for share in progress:
        if time.monotonic() - told_at > TELL_EVERY_S:
            told_at = time.monotonic()
            tell(at=round(share, 4))


def _lock_in(limits: FilmLimits) -> None:
    """Let others go first, and let the system enforce the limits where it can; the parent watches everywhere."""
    try:
        os.nice(NICE)
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (2 * limits.memory_bytes, 2 * limits.memory_bytes))
    except (AttributeError, ImportError, ValueError, OSError):  # Windows has none of it, macOS not all
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
