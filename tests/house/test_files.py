"""What every file keeps to: short, opening with what it is for, no clock or chance downstairs, nothing of others.

Laws 1 and 4 of the house are held here where no linter can: the clock, signals, imports by string, the environment.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "rollcall"
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FRONT_DOOR = {"settings", "urls", "wsgi", "cli", "worker", "demo"}
CLOCK_ENTERS = {"views", "commands", "middleware"}
CLOCKS = {"now", "today", "utcnow", "localdate", "auto_now", "auto_now_add"}
WRITTEN = {".py", ".js", ".scss", ".html", ".sh", ".typ"}
BUILT = {".css", ".woff", ".woff2", ".ttf", ".otf", ".so", ".pyc", ".whl", ".jar", ".dll", ".exe", ".wasm", ".map"}
MACHINE_PATH = re.compile(r"(?<![\w.$}-])/(?:work|root)/\w|/(?:home|Users)/[a-z]+/")
REGISTRY = re.compile(r"https?://[^/\s\"']*(?:pypi|npmjs|pythonhosted|registry|artifactory|nexus|mirror)", re.I)
INLINE = re.compile(r"<[^>]+\s(?:style|on[a-z]+)=[\"']|<style|<script(?![^>]*nonce=)", re.I)
VAGUE = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "core", "misc"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that is committed or could be: what .gitignore names is left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout, so there is no list of files")
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def shown(path: Path) -> str:
    """A path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every Python file of ours, parsed; migrations are written by Django and left out."""
    ours = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
    return tuple((path, ast.parse(path.read_text(), str(path))) for path in ours)


def program() -> Iterator[tuple[Path, ast.Module]]:
    """The modules of the program itself, without tests and bench."""
    return ((path, tree) for path, tree in modules() if SOURCE in path.parents)


def text_of(path: Path) -> str:
    """The file as text; empty for what is no text."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def may_ask_the_clock(path: Path) -> bool:
    """Views, commands and middleware may, and the front door: there the time enters, as an argument for the rest.

    A session runs out by the real time, as Django's own does, whatever a demo's clock shows.
    """
    inside = path.relative_to(SOURCE).with_suffix("").parts
    return inside[0] in FRONT_DOOR or bool(CLOCK_ENTERS & set(inside)) or inside == ("accounts", "sessions")


def imported(tree: ast.Module) -> Iterator[str]:
    """The full name of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def clocks_in(tree: ast.Module) -> Iterator[int]:
    """The lines on which a module asks for the time, or lets a column or a default ask.

    A clock is called, handed over uncalled as something imported has it (`default=timezone.now`), or imported by its
    own name from elsewhere; a field of a value that is named `now` or `today` is none.
    """
    known = {alias.asname or alias.name.split(".")[0] for alias in aliases(tree)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            if id(node) in called or ast.unparse(node.value).split(".")[0] in known:
                yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg in CLOCKS and node.arg.startswith("auto_"):
            yield node.value.lineno
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in {"time.time", "time.monotonic", "functions.Now"}:
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and CLOCKS & {alias.name for alias in node.names}:
            yield from () if str(node.module).startswith("rollcall.") else (node.lineno,)


def aliases(tree: ast.Module) -> Iterator[ast.alias]:
    """Everything that a module imports, as it names it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from node.names


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """A function's length without its signature and docstring."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {shown(p): len(text_of(p).splitlines()) for p in files() if p.suffix in WRITTEN}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE and "/migrations/" not in name} == {}


def test_no_function_of_the_program_is_longer_than_forty_lines() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {body_lines(node)} lines"
        for path, tree in program()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [shown(path) for path, tree in modules() if tree.body and not ast.get_docstring(tree)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [shown(path) for path, _ in modules() if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_nothing_below_a_view_or_a_command_asks_for_the_time() -> None:
    asking = [f"{shown(p)}:{n}" for p, tree in program() if not may_ask_the_clock(p) for n in clocks_in(tree)]
    assert asking == [], "Take the time as an argument."


@pytest.mark.parametrize(
    ("written", "asks"),
    [
        ("from datetime import date\nday = date.today()", True),
        ("import datetime\nat = datetime.datetime.now", True),
        ("from django.utils import timezone\nat = Field(default=timezone.now)", True),
        ("from django.utils.timezone import localdate as day", True),
        ("made = Field(auto_now_add=True)", True),
        ("at = clock.now()", True),
        ("left = line.now.paid - now.today", False),
    ],
)
def test_a_clock_is_told_from_a_field_of_its_name(written: str, asks: bool) -> None:
    assert any(clocks_in(ast.parse(written))) is asks


def test_nothing_is_left_to_chance_in_the_rules() -> None:
    chancy = {"random", "secrets", "uuid", "numpy.random", "time"}
    found = [
        f"{shown(path)}: {name}"
        for path, tree in program()
        if path.is_relative_to(SOURCE / "rules")
        for name in imported(tree)
        if name in chancy or name.split(".")[0] in chancy
    ]
    assert found == []


def test_there_are_no_signals() -> None:
    found = [
        f"{shown(path)}: {name}"
        for path, tree in program()
        for name in imported(tree)
        if name.startswith("django.dispatch") or "signals" in name.split(".")
    ]
    assert found == [], "Write the fact down in the action, and let the upper room read it."


def test_nothing_is_imported_by_a_string() -> None:
    stringy = {"importlib.import_module", "django.utils.module_loading.import_string", "importlib"}
    found = [f"{shown(path)}: {name}" for path, tree in program() for name in imported(tree) if name in stringy]
    assert found == []


def reads_environment(node: ast.AST) -> bool:
    """Whether one name is looked up; handing the whole environment on to another program is no reading."""
    looked_up = isinstance(node, ast.Subscript | ast.Attribute) and ast.unparse(node.value) == "os.environ"
    return looked_up or (isinstance(node, ast.Attribute) and node.attr == "getenv")


def test_only_the_settings_and_the_front_door_read_the_environment() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path, tree in program()
        if path.relative_to(SOURCE).with_suffix("").parts[0] not in FRONT_DOOR and "commands" not in path.parts
        for node in ast.walk(tree)
        if reads_environment(node)
    ]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [shown(path) for path in files() if path.name != "uv.lock" and MACHINE_PATH.search(text_of(path))]
    assert found == []


def test_no_file_but_uv_lock_names_a_package_registry() -> None:
    found = [shown(path) for path in files() if path.name != "uv.lock" and REGISTRY.search(text_of(path))]
    assert found == []


def test_nothing_built_and_nothing_of_others_is_committed() -> None:
    found = [shown(path) for path in files() if path.suffix in BUILT or ".min." in path.name]
    assert found == [], "make static builds it from the locked packages."


def test_no_template_has_an_inline_style_or_handler_which_the_content_policy_would_refuse() -> None:
    templates = [path for path in files() if path.suffix == ".html" and SOURCE in path.parents]
    found = {shown(path): match.group() for path in templates if (match := INLINE.search(text_of(path)))}
    assert found == {}
