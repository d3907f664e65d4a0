"""The law as dated data: where the files lie and how one is read.

Each file beside this one holds values with the day they begin and the source they were read in. What rests on memory
alone carries `sure = false`. Code asks for a value on a day; it never holds one.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_law(name: str) -> dict[str, Any]:
    """The content of `law/<name>.toml` as plain values; shared, so the caller must not change it."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
