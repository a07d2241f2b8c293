"""The manners of the code, checked by reading it; each failure says what to do instead."""

import ast
import functools
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "commands", "providers", "storage")
PRODUCT = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
THIS = Path(__file__)

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
LONGEST_LINE = 100

BROAD = {
    "bot/announcer.py": 2,  # neither a strange row nor the database may silence the bot
    "bot/connection.py": 1,  # giving up would leave the bot deaf
    "bot/schedule.py": 2,  # neither one order's trouble nor one chore's may stop the clock
    "bot/workflow/carrying.py": 1,  # one order's trouble must neither stop it for good nor spin
    "bot/workflow/rounds.py": 1,  # one list's trouble must neither stop the clock nor spin
    "bot/workflow/sending.py": 1,  # whatever a client raises after the first byte is doubt
    "commands/room.py": 1,  # a person must be answered whatever happens
    "providers/http.py": 3,  # anything unknown between us and a vendor is Uncertain
}
"""Where ``except Exception`` may stand, how often, and why; all others name what they expect."""

LONG_FUNCTIONS = {
    "m001_orders",  # a schema is a list; its statements are read one at a time
    "order_of",  # one line for each column
    "row_of",  # the same
    "_about",  # one line for each answer
}
"""Lists that only look like functions."""

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}

BANNED_NAMES = {"utils", "util", "helper", "helpers", "manager", "misc", "common", "shared"}

BANNED_WORDS = {
    r"\bmock\.patch|\bMagicMock\b|\bunittest\.mock\b": "use the stage, the sandbox or a small fake",
    r"\bmonkeypatch\.setattr\b": "pass it in: every seam is a parameter",
    r"\b(TODO|FIXME)\b": "do it now, or open an issue",
    r"\btime\.sleep\(": "wait for what you wait for",
    r"@pytest\.mark\.(skip|xfail)\b": "a test that does not run proves nothing",
}
"""What stands nowhere, and what to do instead."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Function:
    """Any function of a file, a nested one too."""

    name: str
    lines: int
    explained: bool

    @classmethod
    def of(cls, node: ast.FunctionDef | ast.AsyncFunctionDef) -> "Function":
        """What is to be known of it."""
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        return cls(node.name, lines, bool(ast.get_docstring(node)))


@dataclass(frozen=True, slots=True)
class Read:
    """What the rules have to know of a file."""

    explained: bool
    functions: tuple[Function, ...]
    called: frozenset[str]
    """What is called by its bare name."""
    broad: int
    """How often everything is caught."""


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    kind = node.type
    return kind is None or (isinstance(kind, ast.Name) and kind.id == "Exception")


@functools.cache
def read(path: Path) -> Read:
    """Read once for all rules; to read it again for each took longer than all the rules."""
    tree = tree_of(path)
    nodes = list(ast.walk(tree))
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    return Read(
        explained=bool(ast.get_docstring(tree)),
        functions=tuple(Function.of(node) for node in nodes if isinstance(node, FUNCTIONS)),
        called=frozenset(func.id for func in calls if isinstance(func, ast.Name)),
        broad=sum(map(is_broad, nodes)),
    )


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS], ids=name_of)
def test_a_file_is_short_enough_to_be_read_at_once(path: Path) -> None:
    """A file that has grown past this has two jobs: split it by noun."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS], ids=name_of)
def test_functions_and_lines_fit_the_eye(path: Path) -> None:
    """What does not fit a screen is not read as a whole: name its parts."""
    long = [
        f"{one.name}: {one.lines} lines"
        for one in read(path).functions
        if one.name not in LONG_FUNCTIONS and one.lines > LONGEST_FUNCTION
    ]
    text = path.read_text(encoding="utf-8").splitlines()
    wide = [
        number
        for number, line in enumerate(text, 1)
        if len(line.partition("  # ")[0]) > LONGEST_LINE
    ]
    assert (long, wide) == ([], [])


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS], ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    """The first line of a file is the first thing that a newcomer reads of it."""
    assert read(path).explained, "open the file with a docstring"


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_test_says_why_it_is_there(path: Path) -> None:
    """The name is the claim, the docstring the reason; without one nobody dares to delete it."""
    tests = [one for one in read(path).functions if one.name.startswith("test_")]
    assert [one.name for one in tests if not one.explained] == []


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS], ids=name_of)
def test_a_name_says_what_is_in_it_and_no_banned_word_is(path: Path) -> None:
    """A drawer called utils takes everything; patches prove what the patch does."""
    assert not {part.lower() for part in Path(name_of(path)).with_suffix("").parts} & BANNED_NAMES
    if path != THIS:
        text = path.read_text(encoding="utf-8")
        found = {word: say for word, say in BANNED_WORDS.items() if re.search(word, text)}
        assert found == {}


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_nothing_is_printed_past_the_console(path: Path) -> None:
    """What the program says to operators goes through the log, which hides secrets."""
    assert "print" not in read(path).called


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_everything_is_caught_only_where_that_is_justified(path: Path) -> None:
    """A broad except hides the defect that it was not written for: name what you expect."""
    assert read(path).broad == BROAD.get(name_of(path), 0)


def domain() -> list[Path]:
    return [path for path in PRODUCT if name_of(path).startswith("bot/domain/")]


@pytest.mark.parametrize("path", domain(), ids=name_of)
def test_the_domain_never_asks_what_time_it_is(path: Path) -> None:
    """Time comes in as a parameter, so that every rule can be tested at every moment."""
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    asked = [call.attr for call in calls if isinstance(call, ast.Attribute)]
    assert not CLOCKS.intersection(asked)


@pytest.mark.parametrize(
    "path",
    [
        *domain(),
        *(path for path in PRODUCT if name_of(path).startswith("storage/")),
        ROOT / "providers/kriptomat_words.py",
        ROOT / "providers/oak_words.py",
        ROOT / "providers/coins_ph_words.py",
    ],
    ids=name_of,
)
def test_money_never_meets_a_float(path: Path) -> None:
    """0.1 + 0.2 is not 0.3 there. The one float that may be named is the trap against them."""
    names = {node.id for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name)}
    numbers = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant)]
    assert "float" not in names
    assert [number for number in numbers if isinstance(number, float)] == []


def test_the_rules_look_at_something() -> None:
    """An empty list of files would keep every rule."""
    assert len(PRODUCT) > 80
    assert len(TESTS) > 20
    assert BROAD.keys() <= {name_of(path) for path in PRODUCT}


def test_the_package_itself_holds_the_map_and_no_code() -> None:
    """Importing one part of the machine must not start another."""
    body = tree_of(ROOT / "bot" / "__init__.py").body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


@pytest.mark.parametrize(
    "name",
    ["README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock", "manifest.yml",
     "countersign.example.toml", "docs/decisions.md", ".ci/run"],
)  # fmt: skip
def test_what_people_look_for_first_is_there(name: str) -> None:
    """Whoever wants to use, check or pass on the program begins with one of these."""
    assert (ROOT / name).stat().st_size > 0
