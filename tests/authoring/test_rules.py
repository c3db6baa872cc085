"""Each rule over the content catches the mistake that it is there for."""

import json
import shutil
from pathlib import Path

import pytest

from threechairs.authoring import check_course
from threechairs.course.notebooks import normal_form, read_notebook, source
from threechairs.datasets import course_root

L01 = "solutions/l01-three-chairs/three-chairs.ipynb"


@pytest.fixture
def course(tmp_path):
    """A copy of the course that a test may break.

    Without scenarios, whose rules have tests of their own, and without the firm's tables: they are large.
    """
    root = course_root()
    for folder in ("notebooks", "datasets", "solutions", "exercises"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.rmtree(tmp_path / "datasets" / "scenarios")
    shutil.rmtree(tmp_path / "datasets" / "firm")
    descriptor = tmp_path / "datasets" / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    package["resources"] = [one for one in package["resources"] if not one["path"].startswith("firm/")]
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "grading").mkdir()
    shutil.copyfile(root / "grading" / "policy.yaml", tmp_path / "grading" / "policy.yaml")
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")

    assert old in text

    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_notebook(old: str, new: str, notebook: str = L01):
    """A change of the text of the first cell that holds it."""

    def change(course: Path) -> None:
        content = read_notebook(course / notebook)
        cell = next(cell for cell in content["cells"] if old in source(cell))
        cell["source"] = source(cell).replace(old, new, 1)
        (course / notebook).write_text(normal_form(content), encoding="utf-8")

    return change


def in_file(name: str, old: str, new: str):
    """A change of a text file."""
    return lambda course: replace(course / name, old, new)


def stray_answers(course: Path) -> None:
    """An answer file beside a solution."""
    (course / "solutions/l01-three-chairs/answers.json").write_text("{}")


def stale_output(course: Path) -> None:
    """An output left in a lesson."""
    path = course / "notebooks/01-three-chairs.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "left"}]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def on_a_variable(
    answer_cell: str = "rates = []", visible: str = 'defined("rates")', mark: str = 'mark_frame("rates", 2'
):
    """The cell that marks `told` becomes one that marks a table, which an answer cell of the learner's makes."""

    def change(course: Path) -> None:
        content = read_notebook(course / L01)
        cell = next(cell for cell in content["cells"] if 'recorded("told")' in source(cell))
        hidden = f'{mark}, by="site", expected=[{{"site": "S01"}}], wrong=[({{"site": []}}, "count-is-harm", "No.")])'
        imported = "from threechairs.marking import defined, mark_frame\n"
        cell["source"] = f"{imported}{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        nbgrader = {**cell["metadata"]["nbgrader"], "grade": False, "grade_id": "rates", "solution": True}
        answer = {**cell, "id": "rates", "metadata": {"nbgrader": nbgrader}, "source": answer_cell}
        content["cells"].insert(content["cells"].index(cell), answer)
        (course / L01).write_text(normal_form(content), encoding="utf-8")

    return change


BROKEN = {
    "a variable that no answer cell makes": (on_a_variable("other = []"), "gives variable 'rates' a value"),
    "a variable in a cell that cannot be read": (on_a_variable("rates = ["), "gives variable 'rates' a value"),
    "a recorded answer shown for a variable": (on_a_variable(visible='recorded("told")'), 'must end in defined("…")'),
    "another variable shown than marked": (on_a_variable(visible='defined("rate")'), "is about 'rate'"),
    "points of a variable's mark differ": (on_a_variable(mark='mark_frame("rates", 3'), "gives 3"),
    "a variable shown for a recorded answer": (
        in_notebook('recorded("told")', 'defined("told")'),
        'must end in recorded("…")',
    ),
    "a semicolon after the Score": (in_notebook(")\n### END HIDDEN", ");\n### END HIDDEN"), "no semicolon"),
    "the Score is displayed, not returned": (
        in_notebook('mark_several(\n    "told"', 'display(mark_several)\nprint(\n    "told"'),
        "bare call",
    ),
    "no visible part": (in_notebook('recorded("told")\n', ""), 'must end in recorded("…")'),
    "visible part about another question": (
        in_notebook('recorded("told")', 'recorded("orphans")'),
        "is about 'orphans'",
    ),
    "points of cell and mark differ": (in_notebook('"told",\n    2,', '"told",\n    3,'), "gives 3"),
    "points do not add up": (in_file("grading/policy.yaml", "automatic_points: 20", "automatic_points: 25"), "says 25"),
    "belief of a mark unknown": (in_notebook('"board": "informing-all-is-safest"', '"board": "no-such"'), "'no-such'"),
    "belief of a pair of steps unknown": (
        in_notebook(
            'mark_several(\n    "told",\n    2,',
            'mark_order(\n    "told",\n    2,\n    pairs=[("a", "b", "Why."), ("b", "c", "Why.", "no-pair")],',
        ),
        "belief 'no-pair' is not in misconceptions.csv",
    ),
    "answers beside a solution": (stray_answers, "only notebooks may lie here"),
    "a released key": (
        in_notebook(
            'recorded("told")', 'recorded("told")\nmark_several("told", 2)', L01.replace("solutions", "exercises")
        ),
        "gives away",
    ),
    "an output left in a lesson": (stale_output, "threechairs tidy"),
    "a question that does not exist": (
        in_notebook('ask("crowbar-first")', 'ask("crow")', "notebooks/01-three-chairs.ipynb"),
        "there is no question 'crow'",
    ),
    "steps in another order": (
        in_file("notebooks/course.yaml", "[camera-message, pick-a-chair]", "[pick-a-chair, camera-message]"),
        "another order",
    ),
    "minutes that do not add up": (in_file("notebooks/course.yaml", "doing_minutes: 4", "doing_minutes: 5"), "add up"),
    "a word that the schema does not know": (
        in_file("notebooks/course.yaml", "    minutes: 8", "    minutess: 8"),
        "Did you mean 'minutes'?",
    ),
    "a key in a graded bank": (
        in_file("datasets/items/l01-three-chairs.yaml", "- id: stop-lane\n", "- id: stop-lane\n        worth: best\n"),
        "carries no key",
    ),
    "a wrong option without a belief": (
        in_file("datasets/items/11-resolving-clashes.yaml", "        belief: count-is-harm\n", ""),
        "is wrong, and names no belief that leads to it",
    ),
    "a belief that does not exist": (
        in_file("datasets/items/01-three-chairs.yaml", "belief: ", "belief: never-"),
        "is not in misconceptions.csv",
    ),
    "a belief of two steps that does not exist": (
        in_file(
            "datasets/items/11-resolving-clashes.yaml",
            "      - before: name-it\n",
            "      - belief: no-pair\n        before: name-it\n",
        ),
        "belief 'no-pair' is not in misconceptions.csv",
    ),
    "a duty with an unknown claim": (in_file("datasets/tables/duties.csv", ",S1.32,", ",S1.99,"), "'S1.99'"),
    "a chair that does not exist": (in_file("datasets/tables/duties.csv", ",cso,,,people", ",cfo,,,people"), "cfo"),
    "a broken link": (
        in_notebook("## Check yourself", "## Check [yourself](nowhere.ipynb)", "notebooks/01-three-chairs.ipynb"),
        "leads nowhere",
    ),
}


def test_the_copied_course_has_no_problems(course):
    """Without a change no rule finds anything, so whatever a test finds comes from its change."""
    assert check_course(course) == []


def test_marks_of_a_variable_keep_the_rules(course):
    """A table in a variable may be marked; the only thing missing then is the question whose cell was replaced."""
    on_a_variable()(course)

    problems = [str(problem) for problem in check_course(course)]

    assert ["no test cell marks question 'told'" in problem for problem in problems] == [True], problems


def test_a_variable_of_a_question_s_name_does_not_mark_the_question(course):
    """A question is marked on its recorded answer, so a table that is called like it is something else."""
    on_a_variable("told = []", 'defined("told")', 'mark_frame("told", 2')(course)

    assert any("no test cell marks question 'told'" in str(problem) for problem in check_course(course))


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_found_and_named(course, mistake):
    """A mistake is reported with words that tell what it is."""
    change, words = BROKEN[mistake]
    change(course)

    problems = [str(problem) for problem in check_course(course)]

    assert any(words in problem for problem in problems), problems
