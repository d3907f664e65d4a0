"""Where the figures go: a file by its ending or standard output, written whole or not at all.

All is written beside the file first and takes its name only when it is complete; what goes to standard output waits
until nothing can go wrong with the input any more.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import parquet

from rollcall.analysis.results import Results, arrow_bytes, csv_bytes, header

ENDINGS = (".csv", ".parquet")


class BadOutput(ValueError):
    """A place that figures can't be written to, in one sentence."""


def is_parquet(out: Path | None) -> bool:
    """Whether Parquet is to be written; refuses a file whose ending does not say."""
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise BadOutput(f"{out}: the ending says what is written; use {' or '.join(ENDINGS)}.")
    return out is not None and out.suffix.lower() == ".parquet"


def encoder(out: Path | None) -> Callable[[Results], bytes]:
    """What turns rows into the bytes that `write` takes for this place."""
    return arrow_bytes if is_parquet(out) else csv_bytes


def write(pieces: Iterable[bytes], with_school: bool, out: Path | None, stream: BinaryIO) -> None:
    """Write all pieces to a file or, without one, to a stream. Raises BadOutput; what the pieces raise passes."""
    if out is not None:
        with _whole(out) as whole:
            _write(pieces, with_school, out, whole)
        return
    with tempfile.TemporaryFile() as whole:
        _write(pieces, with_school, out, whole)
        whole.seek(0)
        shutil.copyfileobj(whole, stream, 1 << 20)
    stream.flush()


def _write(pieces: Iterable[bytes], with_school: bool, out: Path | None, stream: BinaryIO) -> None:
    if is_parquet(out):
        _write_parquet(pieces, stream)
        return
    stream.write(header(with_school))
    for piece in pieces:
        stream.write(piece)


def _write_parquet(pieces: Iterable[bytes], stream: BinaryIO) -> None:
    writer = None
    try:
        for piece in pieces:
            rows = pa.ipc.open_stream(piece).read_all()
            writer = writer or parquet.ParquetWriter(stream, rows.schema, compression="zstd", compression_level=1)
            writer.write_table(rows)
    finally:
        if writer:
            writer.close()


@contextmanager
def _whole(out: Path) -> Iterator[BinaryIO]:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    except OSError as problem:
        raise BadOutput(f"{out}: can't be written ({problem.strerror}); choose another place.") from problem
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    except OSError as problem:
        raise BadOutput(f"{out}: can't be written ({problem.strerror or problem}); nothing was.") from problem
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
