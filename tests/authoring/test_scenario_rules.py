"""`threechairs check` reads every scenario and deal table, and tells what is wrong at its place in the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from threechairs.authoring.check import RULES
from threechairs.authoring.scenario_rules import check_deals, check_scenarios
from threechairs.datasets import course_root

SOUND = Path(__file__).parent.parent / "scenario" / "stories" / "sound.yaml"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with the firm's tables, one deal table and one small scenario."""
    datasets = tmp_path / "datasets"
    for name in ("tables", "deals"):
        shutil.copytree(course_root() / "datasets" / name, datasets / name)
    shutil.copyfile(course_root() / "datasets" / "datapackage.json", datasets / "datapackage.json")
    (datasets / "scenarios").mkdir()
    shutil.copyfile(SOUND, datasets / "scenarios" / "sound.yaml")
    return tmp_path


def change(path: Path, old: str, new: str) -> int:
    """Replace a text that stands there once; the number of its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_both_rules_belong_to_the_check() -> None:
    """`threechairs check` runs both, and finds nothing in the course as it stands."""
    assert RULES["scenarios"] is check_scenarios
    assert RULES["deal tables"] is check_deals
    assert [str(problem) for problem in check_deals(course_root())] == []


def test_a_course_in_order_has_no_problem(course: Path) -> None:
    """A sound scenario and a sound table pass."""
    assert [*check_deals(course), *check_scenarios(course)] == []


def test_a_mistake_in_a_scenario_is_told_with_its_line(course: Path) -> None:
    """What the loader refuses is a problem per line, each with file, line and column."""
    path = course / "datasets" / "scenarios" / "sound.yaml"
    first = change(path, "minutes: 3", "minutes: -3")
    second = change(path, "set: [asked]", "set: [aksed]")

    told = [str(problem) for problem in check_scenarios(course)]

    assert len(told) == 2
    assert told[0].startswith(f"datasets/scenarios/sound.yaml:{first}:1: minutes is -3.")
    assert told[1].startswith(f"datasets/scenarios/sound.yaml:{second}:")
    assert "Did you mean 'asked'?" in told[1]


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("when: {unratified: [D14]}\n", "when: {unratified: [D01]}\n", "- id: confirm", "'confirm': this option"),
        ("goto: shared", "goto: apart", "- id: shared", "no chair can reach this ending"),
        ("- {id: leave", "- {id: leave, chairs: [cso]", "scenario: sound", "CISO has 3 choices of its own"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_story_is_told_with_its_line(course: Path, old: str, new: str, at: str, words: str) -> None:
    """What the lint finds stands at the line of the option, of the scene, or of the scenario's name."""
    path = course / "datasets" / "scenarios" / "sound.yaml"
    change(path, old, new)
    number = next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if at in line)

    told = [str(problem) for problem in check_scenarios(course)]

    assert [line for line in told if line.startswith(f"datasets/scenarios/sound.yaml:{number}:") and words in line]


def test_a_deal_table_is_checked_with_its_name(course: Path) -> None:
    """A table that is broken, or that bears another name than its file, is told; the sound ones are not."""
    folder = course / "datasets" / "deals"
    shutil.copyfile(folder / "gate-4.yaml", folder / "gate-5.yaml")
    shutil.copyfile(folder / "gate-4.yaml", folder / "gate-6.yaml")
    change(folder / "gate-6.yaml", "table: gate-4", "tabel: gate-6")

    told = [str(problem) for problem in check_deals(course)]

    assert told[0].startswith(
        "datasets/deals/gate-5.yaml:4:1: 'table' says 'gate-4'. Expected the file's name 'gate-5'"
    )
    assert [line for line in told if "'tabel' is not known here. Did you mean 'table'?" in line]
    assert [line for line in told if "gate-4.yaml" in line] == []


@pytest.mark.parametrize("folder", ["deals", "scenarios"])
def test_a_file_that_nobody_reads_is_told(course: Path, folder: str) -> None:
    """A file with another ending lies there in vain."""
    (course / "datasets" / folder / "quay.yml").write_text("format: 1\n")

    (told,) = [*check_deals(course), *check_scenarios(course)]

    assert told.where == f"datasets/{folder}/quay.yml"
    assert "Rename it" in told.what
