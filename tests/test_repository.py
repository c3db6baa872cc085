"""The house itself: which part may import which, how large things get, and what lies at the top."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from threechairs.datasets import course_root

ROOT = course_root()
PACKAGE = ROOT / "src" / "threechairs"

# from the bottom to the top; parts of one layer may import each other, except where two could be one circle
LAYERS = (
    {"errors", "environment", "yaml_files", "datasets"},
    {"models", "chairs", "company", "scenario"},
    {"answers", "course", "marking"},
    {"activities"},
    {"widgets", "front_end", "grader", "authoring"},
    {"cli"},
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
TOP = {
    "README.md",
    "pyproject.toml",
    "Makefile",
    "CHANGELOG.md",
    "LICENSE",
    "notebooks",
    "solutions",
    "exercises",
    "datasets",
    "grading",
    "src",
    "tests",
    ".ci",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pins",
}
UNFINISHED = re.compile("|".join(("XX" + "X", "TO" + "DO", "FIX" + "ME")))


def kept_files():
    """What is committed, or would be: everything that git does not ignore."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("this copy is no git repository")
    return [ROOT / name for name in found.stdout.split("\0") if name and (ROOT / name).is_file()]


def part_of(path):
    """Part of the package that a file belongs to: a folder or a module."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Names of our own modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1:] for name in names if name.split(".")[0] == "threechairs")


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
EVERY_MODULE = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))


@EVERY_MODULE
def test_imports_point_one_way(path):
    """A part imports what lies below it or beside it, never what lies above; every part has its place."""
    own = part_of(path)
    assert own in LEVEL, f"{own} has no layer: give it one in LAYERS and in the design"

    above = {names[0] for names in imports(path) if names[0] in LEVEL and LEVEL[names[0]] > LEVEL[own]}

    assert above == set()


def test_parts_beside_each_other_make_no_circle():
    """Within a layer the imports have an order, so that each part can be read alone."""
    edges = {
        (part_of(path), names[0])
        for path in MODULES
        for names in imports(path)
        if names[0] in LEVEL and names[0] != part_of(path)
    }
    waiting = set(LEVEL)
    while free := {part for part in waiting if not any((part, other) in edges for other in waiting)}:
        waiting -= free

    assert waiting == set()


def test_models_import_neither_files_nor_the_rest_of_the_kit():
    """Arrays in, numbers out: of the kit, models know its errors and each other."""
    foreign = [
        f"{path.name}: {'.'.join(names)}"
        for path in MODULES
        if part_of(path) == "models"
        for names in imports(path)
        if names[0] not in {"models", "errors"}
    ]

    assert foreign == []


@EVERY_MODULE
def test_modules_stay_readable(path):
    """Four hundred lines are a stop sign."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_top_of_the_repository_is_in_order():
    """Somebody who opens the repository finds what the design names, and nothing else."""
    top = {path.relative_to(ROOT).parts[0] for path in kept_files()}

    assert top - TOP == set()


def test_no_file_is_large():
    """A clone stays quick: no file has more than a million bytes."""
    large = [str(path.relative_to(ROOT)) for path in kept_files() if path.stat().st_size > 1_000_000]

    assert large == []


def test_nothing_is_left_unfinished():
    """No note of the kind *to be done later* stands in any file."""
    pins = ROOT / ".pins"  # hashes, in which any letters may meet
    notes = []
    for path in kept_files():
        if path.suffix in {".png", ".whl"} or path.is_relative_to(pins):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if UNFINISHED.search(line):
                notes.append(f"{path.relative_to(ROOT)}:{number}")

    assert notes == []


def test_files_of_answers_and_marks_are_not_kept():
    """No learner's answers, gradebook or copies are among the committed files."""
    kept = [str(path.relative_to(ROOT)) for path in kept_files()]

    forbidden = re.compile(
        r"(^|/)answers[^/]*\.json$|\.db$|^my-work/|^grading/(submitted|autograded|feedback|exchange)/"
    )
    assert [name for name in kept if forbidden.search(name)] == []


def test_test_files_have_one_docstring_per_test():
    """Every test says in one sentence which behaviour it keeps."""
    silent = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                silent.append(f"{path.name}:{node.lineno} {node.name}")

    assert silent == []


def test_no_two_tests_of_a_file_have_one_name():
    """The second of two tests with one name would silently replace the first."""
    doubled = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        names = Counter(node.name for node in body if isinstance(node, ast.FunctionDef))
        doubled += [f"{path.name}: {name}" for name, times in names.items() if times > 1]

    assert doubled == []


def test_importing_the_kit_imports_nothing_heavy():
    """`import threechairs` leaves pandas, nbgrader, widgets, YAML and the command line alone, also with `dir()`."""
    heavy = ("pandas", "numpy", "nbgrader", "ipywidgets", "anywidget", "pydantic", "ruamel", "click", "jupyterlab")
    code = "import json, sys, threechairs; dir(threechairs); print(json.dumps(sorted(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.home())

    loaded = json.loads(found.stdout)
    assert [name for name in loaded if name.split(".")[0] in heavy] == []
    assert [name for name in loaded if name.startswith("threechairs.")] == []


def test_a_lesson_runs_without_pandas_and_nbgrader(tmp_path):
    """Opening a lesson and answering loads neither, nor numpy; they come with the first table or deal."""
    code = (
        "import sys, threechairs; threechairs.open_lesson('00'); threechairs.ask('pick-a-chair'); "
        "threechairs.answer('pick-a-chair', 'cso'); "
        "print([name for name in ('pandas', 'numpy', 'nbgrader') if name in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert found.stdout.strip() == "[]"


def test_every_public_name_can_be_loaded():
    """What `dir(threechairs)` offers exists, and an unknown name is an AttributeError."""
    import threechairs

    for name in threechairs.__all__:
        assert callable(getattr(threechairs, name))
    with pytest.raises(AttributeError, match="no attribute 'DutySorterr'"):
        threechairs.DutySorterr  # noqa: B018
