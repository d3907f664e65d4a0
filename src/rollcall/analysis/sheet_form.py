"""Figures of a file in sheet form: a row a pupil, a byte a session, millions of pupils, one calendar.

Processes take a row group each and put what they worked out, ready to be written, into a file of their own; here the
pieces are strung together in the order of the pupils. Small files are worked out on the spot.
"""

import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from rollcall.analysis.calendar import read_sessions
from rollcall.analysis.parquet_marks import open_parquet
from rollcall.analysis.problems import BadFile
from rollcall.analysis.results import Results
from rollcall.analysis.row_group import Axis, Name, RowGroup, check_order

# Where it is safe, a fork saves each process the half second of loading everything anew; no thread runs here yet.
_START = "fork" if sys.platform == "linux" else "spawn"

SMALL = 1 << 25
"""Up to so many cells, starting processes takes longer than the work."""

Encode = Callable[[Results], bytes]


@dataclass(frozen=True)
class Job:
    """One stripe of one row group: where row groups are too few to go round, each is taken in stripes of batches."""

    marks: Path
    axis: Axis
    encode: Encode
    group: int
    stripe: int
    n_stripes: int
    pieces: Path


@dataclass(frozen=True)
class Part:
    """What came of a job: where each batch's rows end in its file, and the names at the row group's ends."""

    ends: list[int]
    first: Name
    last: Name


def figures_of_sheet(marks: Path, sessions: Path, edition: str | None, policy: str, encode: Encode) -> Iterator[bytes]:
    """Figures for each pupil in the order of the file, encoded. Raises BadFile for the first thing wrong."""
    axis = Axis.of(read_sessions(sessions), edition, policy)
    file = open_parquet(marks, "marks")
    _check_columns(str(marks), file.schema_arrow)
    n_groups, n_rows, n_cores = file.metadata.num_row_groups, file.metadata.num_rows, len(os.sched_getaffinity(0))
    if n_rows == 0:
        raise BadFile(str(marks), "row 1", "marks", "there are no pupils", "at least one")
    if n_cores == 1 or n_rows * len(axis.sessions) <= SMALL:
        yield from _here(marks, axis, encode, n_groups)
    else:
        yield from _in_processes(marks, axis, encode, n_groups, n_cores)


def _check_columns(file: str, schema: pa.Schema) -> None:
    for name in ("pupil", "marks"):
        if schema.names.count(name) != 1:
            found = "the column is missing" if name not in schema.names else "the column is there twice"
            raise BadFile(file, "row 1", name, found, "the columns pupil and marks")


def _here(marks: Path, axis: Axis, encode: Encode, n_groups: int) -> Iterator[bytes]:
    before = None
    for number in range(n_groups):
        group = RowGroup(marks, number, axis)
        yield from map(encode, group.results(0, 1, before))
        before = group.last


def _in_processes(marks: Path, axis: Axis, encode: Encode, n_groups: int, n_cores: int) -> Iterator[bytes]:
    n_stripes = n_cores if n_groups < 3 * n_cores else 1
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(n_cores, multiprocessing.get_context(_START), _watch, (os.getpid(),)) as pool,
    ):
        jobs = [
            [
                Job(marks, axis, encode, group, stripe, n_stripes, Path(folder, f"{group}-{stripe}"))
                for stripe in range(n_stripes)
            ]
            for group in range(n_groups)
        ]
        waiting = [[pool.submit(_work, job) for job in stripes] for stripes in jobs]
        before = None
        try:
            for stripes, futures in zip(jobs, waiting, strict=True):
                parts = [future.result() for future in futures]
                check_order(str(marks), before, parts[0].first, _row(marks, stripes[0].group))
                before = parts[0].last
                yield from _strung([job.pieces for job in stripes], [part.ends for part in parts])
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _watch(parent: int) -> None:
    """Start to look out for the end of the process that gives out the work: killed, it can't tell its helpers."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def _work(job: Job) -> Part:
    pa.set_cpu_count(1)
    group, ends = RowGroup(job.marks, job.group, job.axis), []
    with job.pieces.open("wb") as pieces:
        for rows in group.results(job.stripe, job.n_stripes):
            pieces.write(job.encode(rows))
            ends.append(pieces.tell())
    return Part(ends, group.first, group.last)


def _row(marks: Path, group: int) -> int:
    metadata = open_parquet(marks, "marks").metadata
    return 1 + sum(metadata.row_group(number).num_rows for number in range(group))


def _strung(files: list[Path], ends: list[list[int]]) -> Iterator[bytes]:
    streams = [file.open("rb") for file in files]
    try:
        for batch in range(sum(map(len, ends))):
            stream, own = streams[batch % len(files)], ends[batch % len(files)]
            yield stream.read(own[batch // len(files)] - stream.tell())
    finally:
        for stream, file in zip(streams, files, strict=True):
            stream.close()
            file.unlink()
