"""Broken folders of every kind: each is graded with the right notes, or not graded with the reason; none raises."""

import os
import socket
import unicodedata
import zipfile

import nbformat
import pytest
from nbformat import v4
from nbgrader.nbgraderformat import MetadataValidator
from submission_samples import (
    ANSWERS,
    NAME,
    answered,
    at,
    cell,
    kinds,
    meta,
    put,
    read,
    source_of,
    texts,
    the,
    twin,
)

from threechairs.grader.submission import NotGraded, Repaired, Sizes, copy_in

SECRET = "the answer is 42"
LIMITS = Sizes(notebook_mb=0.5, file_mb=0.2, total_mb=1, files=20, depth=3)
CASES = {}


def case(expected, *notes, **answers):
    """Register a broken folder: what must come out (`graded`, or words of the reason), the notes, the answers."""

    def keep(build):
        CASES[build.__name__.replace("_", " ")] = (build, expected, sorted(notes), {**ANSWERS, **answers})
        return build

    return keep


# nothing, or no notebook


@case("nothing was handed in: there is no folder")
def no_folder_at_all(folder):
    folder.rmdir()


@case("a link or a file is in its place")
def folder_is_a_file(folder):
    folder.rmdir()
    folder.write_text("my homework")


@case("a link or a file is in its place")
def folder_is_a_link_to_a_neighbour(folder):
    put(folder.parent / "neighbour", answered())
    folder.rmdir()
    folder.symlink_to(folder.parent / "neighbour")


@case("'budget.ipynb' is missing: the folder is empty")
def empty_folder(folder):
    pass


@case("The folder holds: 'hand-in.zip'")
def a_zip_instead_of_its_contents(folder):
    with zipfile.ZipFile(folder / "hand-in.zip", "w") as packed:
        packed.writestr("budget.ipynb", "{}")


@case("'budget.ipynb' is a zip file under a notebook's name")
def a_zip_under_the_name_of_the_notebook(folder):
    with zipfile.ZipFile(folder / "budget.ipynb", "w") as packed:
        packed.writestr("budget.ipynb", "{}")


@case("is a folder, not a file")
def a_folder_named_like_the_notebook(folder):
    (folder / "budget.ipynb").mkdir()


@case("graded", "name")
def the_notebook_in_a_folder_named_like_it(folder):
    put(folder / "budget.ipynb", answered())


# files that are no notebooks


@case("is empty (0 bytes)")
def empty_file(folder):
    put(folder, "")


@case("is empty (3 bytes)")
def blank_file(folder):
    put(folder, " \n\n")


@case("it stops in the middle of line 2")
def cut_off_by_a_broken_upload(folder):
    put(folder, '{"cells": [\n {"cell_type": "code", "source": "x = 1')


@case("its text is broken in line 2, column 13")
def comma_missing(folder):
    put(folder, '{"cells": [],\n "metadata" {}}')


@case("the marks of a merge conflict (line 2)")
def merge_conflict(folder):
    put(folder, '{"cells": [\n<<<<<<< HEAD\n],\n=======\n>>>>>>> mine\n "metadata": {}}')


@case("it is a web page")
def web_page_saved_instead(folder):
    put(folder, "<!DOCTYPE html><script>alert(1)</script>")


@case("it is plain text")
def script_under_the_name_of_the_notebook(folder):
    put(folder, "share = 0.5\n")


@case("it holds a list, not cells")
def list_instead_of_a_notebook(folder):
    put(folder, "[]")


@case("it holds a number, not cells")
def number_instead_of_a_notebook(folder):
    put(folder, "7")


@case("has no cells")
def other_json(folder):
    put(folder, '{"answers": {"q1": 7}}')


@case("has no cells")
def cells_that_are_no_list(folder):
    put(folder, '{"cells": {"0": {}}, "nbformat": 4}')


@case("no notebook program writes such a file")
def brackets_without_end(folder):
    put(folder, "[" * 100_000 + "]" * 100_000)


@case("no notebook program writes such a file")
def number_of_ten_thousand_digits(folder):
    put(folder, '{"cells": [], "nbformat": ' + "9" * 10_000 + "}")


@case("is too large to be read: clear its outputs", "large")
def notebook_of_a_megabyte(folder):
    put(folder, " " * 1_000_000)


@case("has 2,500 cells, more than the 2,000")
def thousands_of_cells(folder):
    put(folder, '{"cells": [' + ",".join(['{"cell_type":"raw"}'] * 2_500) + '], "nbformat": 4}')


@case("holds none of the cells of 'budget'")
def notebook_of_another_assignment(folder):
    put(folder, v4.new_notebook(cells=[v4.new_code_cell("print('hello')")]))


@case("holds none of the cells of 'budget'")
def empty_notebook_of_format_3(folder):
    put(folder, '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}')


# how it was written


@case("is not written in UTF-8: the first byte that does not fit is in line 2")
def written_in_latin_1(folder):
    (folder / "budget.ipynb").write_bytes('{"cells": [],\n "name": "für"}'.encode("latin-1"))


@case("is not written in UTF-8")
def random_bytes(folder):
    (folder / "budget.ipynb").write_bytes(bytes(range(255, 0, -1)))


@case("graded", "encoding")
def byte_order_mark(folder):
    path = put(folder, answered())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@case("graded", "encoding")
def utf_16(folder):
    path = put(folder, answered())
    path.write_bytes(path.read_text().encode("utf-16"))


@case("graded", "format", essay="We spend it \ufffd.")
def half_of_a_character(folder):
    book = answered()
    the(book, "essay").source = "We spend it \ud83d."
    put(folder, book)


@case("graded", "format")
def format_3(folder):
    put(folder, nbformat.v3.writes_json(nbformat.convert(answered(), 3)))


@case("graded", "format")
def format_3_with_broken_outputs(folder):
    book = nbformat.convert(answered(), 3)
    for one in book.worksheets[0].cells:
        one.outputs = [{"output_type": "pyout", "json": "{"}, 7]
    put(folder, book)


@case("graded", "format")
def format_5(folder):
    put(folder, answered() | {"nbformat": 5})


@case("graded", "format")
def no_format_at_all(folder):
    book = answered()
    del book["nbformat"], book["nbformat_minor"]
    put(folder, book)


@case("graded")
def format_4_without_cell_ids(folder):
    book = answered()
    book.nbformat_minor = 2
    for one in book.cells:
        del one["id"]
    put(folder, book)


@case("graded")
def the_same_cell_id_everywhere(folder):
    book = answered()
    for one in book.cells:
        one.id = "<b>"
    put(folder, book)


@case("graded", "format")
def cells_that_are_no_cells(folder):
    book = answered()
    book.cells += [7, None, [], {"cell_type": "video", "source": ["a", 1], "metadata": 3}, {}]
    put(folder, book)


@case("graded")
def metadata_and_outputs_of_the_wrong_kind(folder):
    book = answered()
    book.metadata = [1, 2]
    for one in book.cells:
        one.outputs = {"a": 1}
    book.cells.append({"cell_type": "markdown", "source": "x", "metadata": {"nbgrader": [3]}})
    put(folder, book)


@case("graded", "attachment")
def attachment_that_is_a_page(folder):
    book = answered()
    the(book, "essay").attachments = {
        "a.png": {"image/png": "iVBORw0KGgo="},
        "b.png": {"text/html": "<script>alert(1)</script>"},
        "c.png": {"image/png": '"><script>alert(1)</script>'},
    }
    put(folder, book)


# cells


@case("graded", "copies")
def answer_pasted_twice_and_one_changed(folder):
    book = answered()
    book.cells.insert(0, twin(book, "q1", "def total(costs):\n    # YOUR CODE HERE\n    raise NotImplementedError()"))
    put(folder, book)


@case("graded", "copies")
def answer_pasted_twice_and_both_changed(folder):
    book = answered()
    book.cells.append(twin(book, "q2", "share = 'a second thought'"))
    put(folder, book)


@case("graded", "copies", q2="# YOUR CODE HERE")
def untouched_answer_pasted_twice(folder):
    book = answered()
    the(book, "q2").source = "# YOUR CODE HERE"
    book.cells.append(twin(book, "q2"))
    put(folder, book)


@case("graded", "copies")
def every_cell_pasted_three_times(folder):
    book = answered()
    book.cells = book.cells * 3
    put(folder, book)


@case("graded", "copies")
def pasted_and_emptied_test(folder):
    book = answered()
    book.cells.insert(0, twin(book, "test-q2", "pass"))
    put(folder, book)


@case("graded", "edited", "settings")
def edited_tests_and_raised_points(folder):
    book = answered()
    the(book, "test-q1").source = "pass"
    the(book, "test-q1").metadata.nbgrader.points = 100
    put(folder, book)


@case("graded", "settings")
def points_that_are_no_number(folder):
    book = answered()
    the(book, "test-q1").metadata.nbgrader.points = {"many": [None]}
    put(folder, book)


@case("graded", "settings")
def solution_flag_flipped(folder):
    book = answered()
    the(book, "q1").metadata.nbgrader.solution = False
    put(folder, book)


@case("graded", "settings")
def grade_flag_flipped(folder):
    book = answered()
    the(book, "test-q1").metadata.nbgrader.grade = False
    put(folder, book)


@case("graded", "edited", "settings")
def answer_made_of_a_test(folder):
    book = answered()
    the(book, "test-q2").metadata.nbgrader |= {"solution": True, "locked": False}
    the(book, "test-q2").source = "4.0"
    put(folder, book)


@case("graded", "settings")
def lock_taken_off(folder):
    book = answered()
    the(book, "setup").metadata.nbgrader.locked = False
    put(folder, book)


@case("graded", "recognised")
def answer_renamed(folder):
    book = answered()
    the(book, "q2").metadata.nbgrader.grade_id = "my-answer"
    put(folder, book)


@case("graded", "recognised")
def renamed_test(folder):
    book = answered()
    the(book, "test-q2").metadata.nbgrader.grade_id = "<img src=x onerror=alert(1)>"
    put(folder, book)


@case("graded", "copies", "recognised")
def answer_named_like_its_test(folder):
    book = answered()
    the(book, "q2").metadata.nbgrader.grade_id = "test-q2"
    put(folder, book)


@case("graded", "recognised")
def answer_and_test_with_swapped_names(folder):
    book = answered()
    answer, test = the(book, "q2"), the(book, "test-q2")
    answer.metadata.nbgrader, test.metadata.nbgrader = test.metadata.nbgrader, meta("other", "code", solution=True)
    put(folder, book)


@case("graded", "recognised")
def all_settings_lost(folder):
    book = answered()
    for one in book.cells:
        one.metadata = {}
    put(folder, book)


@case("graded", "foreign")
def cell_of_another_assignment_pasted(folder):
    book = answered()
    book.cells.append(cell("code", "x = 1", meta("<b>q9</b>", "code", solution=True)))
    put(folder, book)


@case("graded", "missing")
def deleted_tests(folder):
    book = answered()
    del book.cells[at(book, "test-q1")]
    del book.cells[at(book, "test-q2")]
    put(folder, book)


@case("graded", "missing", q1="def total(costs):\n    # YOUR CODE HERE\n    raise NotImplementedError()")
def answer_deleted(folder):
    book = answered()
    del book.cells[at(book, "q1")]
    put(folder, book)


@case(
    "graded",
    "missing",
    q1="def total(costs):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    q2="# YOUR CODE HERE",
)
def all_but_the_essay_deleted(folder):
    book = answered()
    book.cells = [the(book, "essay")]
    put(folder, book)


@case("graded", "recognised")
def answer_deleted_and_written_anew(folder):
    book = answered()
    book.cells[at(book, "q2")] = v4.new_code_cell(ANSWERS["q2"])
    put(folder, book)


@case("graded", q1="def total(costs):\n    # YOUR CODE HERE\n    def add(costs):\n        return sum(costs)")
def answer_split_in_two(folder):
    book = answered()
    the(book, "q1").source = "def total(costs):\n    # YOUR CODE HERE\n    def add(costs):\n        return sum(costs)"
    book.cells.insert(at(book, "q1") + 1, v4.new_code_cell("total = sum"))
    put(folder, book)


@case("graded", "retyped")
def code_answer_turned_to_text(folder):
    book = answered()
    the(book, "q1").cell_type = "markdown"
    put(folder, book)


@case("graded", "retyped")
def text_answer_turned_to_code(folder):
    book = answered()
    the(book, "essay").cell_type = "code"
    put(folder, book)


@case("graded", "retyped")
def raw_tests(folder):
    book = answered()
    the(book, "test-q1").cell_type = "raw"
    put(folder, book)


@case("graded", "settings")
def settings_of_a_coming_version(folder):
    book = answered()
    for one in book.cells:
        one.metadata.get("nbgrader", {})["schema_version"] = 99
    put(folder, book)


@case("graded", "settings")
def settings_of_the_first_version(folder):
    book = answered()
    for one in book.cells:
        told = one.metadata.get("nbgrader", {})
        for key in ("schema_version", "task", "cell_type"):
            told.pop(key, None)
    put(folder, book)


@case("graded", "kernel")
def another_kernel(folder):
    book = answered()
    book.metadata.kernelspec.name = "bash\x1b[2J<script>"
    put(folder, book)


@case("graded")
def tags_that_skip_the_tests_and_widget_state(folder):
    book = answered()
    book.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {"a": "<script>"}}}
    for one in book.cells:
        one.metadata.tags = ["skip-execution", "raises-exception"]
    put(folder, book)


# names


@case("graded", "name")
def notebook_renamed(folder):
    put(folder, answered(), "Kopie von budget (1).ipynb")


@case("graded", "name")
def ending_added_by_a_browser(folder):
    put(folder, answered(), "budget.ipynb.txt")


@case("graded", "name")
def name_with_markup_and_control_characters(folder):
    put(folder, answered(), "\x1b]0;\u202e<img src=x onerror=alert(1)>\n&.ipynb")


@case("graded", "name")
def name_that_is_no_text(folder):
    path = put(folder, answered())
    path.rename(folder / os.fsdecode(b"\xff\xfe.ipynb"))


@case("graded", "name")
def name_of_249_characters(folder):
    put(folder, answered(), "n" * 243 + ".ipynb")


@case("graded", "other notebook")
def a_second_notebook_beside(folder):
    put(folder, answered())
    put(folder, "[]", "Untitled.ipynb")


@case("graded", "name", "other notebook")
def two_notebooks_and_one_has_the_cells(folder):
    put(folder, answered(), "final.ipynb")
    put(folder, v4.new_notebook(), "Untitled.ipynb")


@case("it is not certain which of these is meant: 'final.ipynb', 'final2.ipynb'")
def two_notebooks_with_the_cells(folder):
    put(folder, answered(), "final.ipynb")
    put(folder, answered(), "final2.ipynb")


@case("graded", "name")
def everything_one_folder_down(folder):
    put(folder / "hand-in" / "week 1", answered())
    (folder / "hand-in" / "week 1" / "answers.json").write_text("{}")


@case("graded")
def checkpoints_beside(folder):
    put(folder, answered())
    put(folder / ".ipynb_checkpoints", "[]", "budget-checkpoint.ipynb")


# what is no file


@case("is a link, and links are not followed", "link")
def notebook_is_a_link_to_the_solution(folder):
    solution = put(folder.parent.parent, answered())
    (folder / "budget.ipynb").symlink_to(solution)


@case("graded", "link")
def links_to_everywhere(folder):
    put(folder, answered())
    (folder / "dangling").symlink_to("nowhere")
    (folder / "data.csv").symlink_to(folder.parent.parent / "secret.txt")
    (folder / "answers.json").symlink_to("../../secret.txt")
    (folder / "all").symlink_to(folder.parent.parent, target_is_directory=True)
    (folder / "round").symlink_to(".", target_is_directory=True)


@case("graded", "hard link")
def hard_link_to_a_file_of_the_course(folder):
    put(folder, answered())
    os.link(folder.parent.parent / "secret.txt", folder / "data.csv")


@case("is a second name of a file outside of the folder", "hard link")
def notebook_is_a_hard_link(folder):
    os.link(put(folder.parent.parent, answered()), folder / "budget.ipynb")


@case("graded")
def hard_link_within_the_folder(folder):
    put(folder, answered())
    (folder / "a.csv").write_text("1")
    os.link(folder / "a.csv", folder / "b.csv")


@case("is a pipe, not a file", "not opened")
def notebook_is_a_pipe(folder):
    os.mkfifo(folder / "budget.ipynb")


@case("graded", "not opened", "timestamp")
def pipe_as_a_timestamp_and_a_socket(folder, monkeypatch):
    put(folder, answered())
    os.mkfifo(folder / "timestamp.txt")
    monkeypatch.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")


@case("graded", "not opened")
def device(folder):
    put(folder, answered())
    try:
        os.mknod(folder / "zero", 0o666 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only an administrator can make a device")


# size and time


@case("graded", "large")
def large_file_beside(folder):
    put(folder, answered())
    (folder / "film.mp4").write_bytes(b"0" * 300_000)


@case("graded", "large")
def file_of_a_terabyte_of_nothing(folder):
    put(folder, answered())
    with (folder / "hole").open("wb") as hole:
        hole.truncate(10**12)


@case("graded", "large")
def hundred_files(folder):
    put(folder, answered())
    for number in range(100):
        (folder / f"{number}.txt").write_text("x" * number)


@case("graded", "large")
def folders_in_folders(folder):
    put(folder, answered())
    (folder / "/".join("abcdefgh")).mkdir(parents=True)


@case("graded", "timestamp")
def timestamp_that_is_no_time(folder):
    put(folder, answered())
    (folder / "timestamp.txt").write_text("<b>yesterday</b>")


@case("graded", "timestamp")
def timestamp_that_names_a_file(folder):
    put(folder, answered())
    (folder / "timestamp.txt").write_text("2026-01-01 10:00:00 /usr/share/zoneinfo/Asia/Tokyo")


@case("graded", "timestamp")
def timestamp_of_no_text(folder):
    put(folder, answered())
    (folder / "timestamp.txt").write_bytes(b"\xff\xfe\x00" * 3)


@case("graded", "timestamp")
def timestamp_folder(folder):
    put(folder, answered())
    (folder / "timestamp.txt").mkdir()


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The assignment as the course knows it."""
    return source_of(tmp_path_factory.mktemp("course"))


@pytest.mark.parametrize("name", CASES)
def test_broken_folder(name, source, tmp_path, monkeypatch):
    """Each broken folder gives the grading, the notes and the answers that its row says; nothing of others gets in."""
    build, expected, notes, answers = CASES[name]
    (tmp_path / "secret.txt").write_text(SECRET)
    folder = tmp_path / "submitted" / "alice"
    folder.mkdir(parents=True)
    build(folder, *([monkeypatch] if "monkeypatch" in build.__code__.co_varnames else []))

    submission, result = read(folder, source, sizes=LIMITS)
    lost = copy_in(submission, tmp_path / "copy", LIMITS)

    told = [*submission.notes, *(result.notes if isinstance(result, Repaired) else ())]
    assert kinds(told) == notes

    if expected == "graded":
        assert isinstance(result, Repaired), result
        assert_gradable(result, source, answers)
    else:
        assert isinstance(result, NotGraded)
        assert expected in result.reason
    for text in [*(note.sentence for note in told), *([] if expected == "graded" else [result.reason])]:
        assert not [one for one in text if one in "<>&\n" or unicodedata.category(one) in {"Cc", "Cf", "Cs"}]
        assert len(text) < 600
    assert not lost
    copied = [path for path in (tmp_path / "copy").rglob("*") if not path.is_dir()]
    assert {path.is_symlink() or not path.is_file() for path in copied} <= {False}
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in copied)
    assert sum(path.stat().st_size for path in copied) <= LIMITS.total_mb * 1_000_000
    assert len(copied) <= LIMITS.files


def assert_gradable(result, source, answers):
    """A notebook that nbgrader takes, with every cell of the assignment once, and nothing of an output."""
    book = result.notebook
    nbformat.validate(book)
    MetadataValidator().validate_nb(book)

    known = [one.metadata["nbgrader"] for one in book.cells if "nbgrader" in one.metadata]
    by_id = {one.grade_id: one.metadata() for one in source.cells}
    assert sorted(one["grade_id"] for one in known) == sorted(by_id)
    assert [one for one in known if one != by_id[one["grade_id"]]] == []

    found = texts(result)
    assert {one.grade_id: found[one.grade_id] for one in source.cells if one.is_fixed} == {
        one.grade_id: one.source for one in source.cells if one.is_fixed
    }
    assert {one: found[one] for one in ANSWERS} == answers

    assert book.metadata == {"kernelspec": source.kernelspec, "language_info": {"name": "python"}}
    assert not [one for one in book.cells if one.get("outputs") or "tags" in one.metadata]
    assert "<script>" not in str(book)


def test_the_table_is_long_enough():
    """The suite keeps at least the promised number of broken folders."""
    assert len(CASES) >= 35


def test_a_folder_that_may_not_be_read_is_told(source, tmp_path, monkeypatch):
    """A folder or file without permission is a reason, and a note where the rest can be graded."""
    folder = tmp_path / "alice"
    put(folder, answered())
    (folder / "data.csv").write_text("1")
    opened = os.open

    def refuse(name, *more, **options):
        if str(name) == refuse.name:
            raise PermissionError(13, "Permission denied", str(name))
        return opened(name, *more, **options)

    # the test may run as an administrator, to whom every file opens
    monkeypatch.setattr(os, "open", refuse)

    refuse.name = f"{NAME}.ipynb"
    assert "cannot be read (Permission denied)" in read(folder, source)[1].reason

    refuse.name = "alice"
    assert "the folder cannot be read (Permission denied)" in read(folder, source)[1].reason

    refuse.name = "data.csv"
    submission, result = read(folder, source)
    assert isinstance(result, Repaired)
    assert kinds(copy_in(submission, tmp_path / "copy")) == ["unreadable"]
    assert [path.name for path in (tmp_path / "copy").iterdir()] == [f"{NAME}.ipynb"]
