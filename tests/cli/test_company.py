"""`threechairs company`: a learner's tables as files, the key for instructors only, the reference variant."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from threechairs.company.firm import MAKERS, Firm
from threechairs.course.workbook import case_of
from threechairs.datasets import course_root

L01 = "l01-three-chairs"
L11 = "l11-resolving-clashes"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_an_assignments_tables_are_the_learners_own(threechairs: Any, tmp_path: Path) -> None:
    """The files hold exactly the tables that the learner sees, each is named with its rows, and there is no key."""
    out = tmp_path / "new" / "folder"
    ran = threechairs("company", "--learner", "alice", "--assignment", "l01", "--out", out)

    assert (ran.code, ran.out) == (0, f"{out / 'charter.csv'}: 36 rows.\n")
    assert [path.name for path in out.iterdir()] == ["charter.csv"]
    expected = case_of(L01, "alice", 1).table_rows("charter")
    assert _rows(out / "charter.csv") == [{key: str(value) for key, value in row.items()} for row in expected]


def test_a_second_attempt_has_tables_of_its_own(threechairs: Any, tmp_path: Path) -> None:
    """`--attempt 2` writes what the learner sees after `new-attempt`; an attempt too many is refused."""
    line = ("company", "--learner", "alice", "--assignment", L01, "--out", tmp_path)
    assert threechairs(*line, "--attempt", 2).code == 0
    refused = threechairs(*line, "--attempt", 3)

    expected = case_of(L01, "alice", 2).table_rows("charter")
    assert [row["duty"] for row in _rows(tmp_path / "charter.csv")] == [row["duty"] for row in expected]
    assert refused.code == 2
    assert f"{L01} has no attempt 3. It has 2" in refused.err


def test_key_tells_what_was_planted(threechairs: Any, tmp_path: Path) -> None:
    """On a clone `--key` adds the counts, and says that they are not for learners."""
    ran = threechairs("company", "--learner", "alice", "--assignment", "l01", "--out", tmp_path, "--key")

    planted = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    assert "key.json: what was planted. Not for learners." in ran.out
    assert planted == {"charter": {"critical_orphans": 6, "other_orphans": 4, "doubles": 3}}
    unheld = [row for row in _rows(tmp_path / "charter.csv") if not row["holder_1"] and row["critical"] == "yes"]
    assert planted["charter"]["critical_orphans"] == len(unheld)


def test_key_answers_what_the_negotiation_and_the_tickets_ask(threechairs: Any, tmp_path: Path) -> None:
    """For the assignment on clashes the key has the Nash deal and the causes, as the files beside it say."""
    ran = threechairs("company", "--learner", "alice", "--assignment", "l11", "--out", tmp_path, "--key")

    planted = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    assert planted.keys() == {"tickets", "negotiation"}
    tickets, hours = _rows(tmp_path / "tickets.csv"), dict.fromkeys(planted["tickets"]["tickets"], 0.0)
    for row in tickets:
        hours[row["cause"]] += float(row["hours_dark"])
    assert planted["tickets"]["hours_share_percent"] == pytest.approx(
        {cause: 100 * dark / sum(hours.values()) for cause, dark in hours.items()}
    )
    points = {(row["issue"], row["option"]): row for row in _rows(tmp_path / "negotiation.csv")}
    found = planted["negotiation"]
    for role, worth in found["nash_worths"].items():
        assert worth == sum(int(points[settled][role]) for settled in found["nash"].items())
        assert found["reservations"][role] == int(points["no-deal", ""][role]) <= worth
    assert case_of(L11, "alice", 1).table_rows("negotiation")[0]["facilities"] == int(
        points["fault-desk", "it-desk"]["facilities"]
    )


@pytest.mark.parametrize("option", ["--key", "--reference"])
def test_what_needs_a_clone_says_so(
    threechairs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """A learner's bundle, which has no solutions, writes tables but no key, and its help offers none."""
    for folder in ("notebooks", "datasets"):
        shutil.copytree(course_root() / folder, tmp_path / "bundle" / folder)
    on_a_clone = threechairs("company", "--help").out
    monkeypatch.setenv("THREECHAIRS_COURSE", str(tmp_path / "bundle"))
    in_a_bundle = threechairs("company", "--help").out
    out = tmp_path / "out"
    line = () if option == "--reference" else ("--learner", "alice", "--assignment", "l01", "--out", out)

    refused = threechairs("company", *line, option)
    written_before = out.exists()
    plain = threechairs("company", "--learner", "alice", "--assignment", "l01", "--out", out)

    assert refused.code == 2
    assert refused.err == (
        f"threechairs company {option}: this copy of the kit has no solutions and no grading. "
        "Run it in a clone of the repository.\n"
    )
    assert not written_before
    assert option in on_a_clone and option not in in_a_bundle
    assert "--learner" in in_a_bundle
    assert plain.code == 0 and (out / "charter.csv").is_file()


@pytest.mark.parametrize(
    ("slug", "extra"), [("reference", ()), ("l02-to-come", ("--all",)), (L01, ("--all",))], ids=["word", "any", "l01"]
)
def test_all_tables_of_the_firm(threechairs: Any, tmp_path: Path, slug: str, extra: tuple[str, ...]) -> None:
    """`reference`, and any word with `--all`, write every table of that variant."""
    ran = threechairs("company", "--learner", "alice", "--assignment", slug, "--out", tmp_path, *extra)

    assert ran.code == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(MAKERS)
    sites = Firm("alice", slug).rows("sites")
    assert [row["last_drill_on"] for row in _rows(tmp_path / "sites.csv")] == [row["last_drill_on"] for row in sites]


def test_reference_writes_the_committed_files(
    threechairs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--reference` brings changed and missing files of datasets/firm/ back to what is committed."""
    committed, course = course_root() / "datasets" / "firm", tmp_path / "course"
    for folder in ("notebooks", "datasets"):
        shutil.copytree(course_root() / folder, course / folder)
    for folder in ("solutions", "grading"):  # which make it a clone
        (course / folder).mkdir()
    monkeypatch.setenv("THREECHAIRS_COURSE", str(course))
    (course / "datasets" / "firm" / "sites.csv").write_text("changed", encoding="utf-8")
    (course / "datasets" / "firm" / "tickets.csv").unlink()

    ran = threechairs("company", "--reference")

    assert ran.code == 0
    assert f"{course / 'datasets' / 'firm' / 'sites.csv'}: 11 rows." in ran.out
    for name in MAKERS:
        there = (course / "datasets" / "firm" / f"{name}.csv").read_bytes()
        assert there == (committed / f"{name}.csv").read_bytes(), name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--assignment", "l01", "--out", "x"), "Give --learner, --assignment and --out."),
        (("--learner", "alice", "--out", "x"), "Give --learner, --assignment and --out."),
        (("--learner", "alice", "--assignment", "l01"), "Give --learner, --assignment and --out."),
        (("--learner", "../alice", "--assignment", "l01", "--out", "x"), "cannot be used as a file name"),
        (("--learner", "alice", "--assignment", "l0", "--out", "x"), "the course has no such assignment. Known: l01"),
        (("--learner", "alice", "--reference"), "--reference stands alone"),
        (("--learner", "alice", "--assignment", "l01", "--out", "x", "--attempt", "0"), "not in the range x>=1"),
    ],
)
def test_a_wrong_call_writes_nothing(threechairs: Any, working_folder: Path, line: tuple[str, ...], words: str) -> None:
    """A missing option, an unknown assignment or an unusable name ends with 2, and no folder is made."""
    ran = threechairs("company", *line)

    assert ran.code == 2
    assert words in ran.err
    assert list(working_folder.iterdir()) == []
