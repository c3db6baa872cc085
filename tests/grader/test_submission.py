"""Reading a submitted folder: what the course knows, which cell is which, where cells are put back, what is copied."""

import copy
import json
import os
from datetime import datetime
from functools import reduce

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import v4
from submission_samples import (
    ANSWERS,
    HIDDEN,
    NAME,
    answered,
    assignment,
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

from threechairs.errors import GradingError
from threechairs.grader.submission import (
    NotGraded,
    Repair,
    Repaired,
    Sizes,
    SourceCell,
    SourceNotebook,
    copy_in,
    read_source,
    read_submission,
    repair,
)
from threechairs.grader.submission.notes import UnreadableError, listed, shown
from threechairs.grader.submission.reading import SubmittedCell, SubmittedNotebook, read_submitted
from threechairs.grader.submission.timestamp import parsed

STUB = "def total(costs):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The assignment as the course knows it."""
    return source_of(tmp_path_factory.mktemp("course"))


@pytest.fixture
def folder(tmp_path):
    """Where alice's work lies."""
    made = tmp_path / "submitted" / "alice"
    made.mkdir(parents=True)
    return made


def repaired(book, source):
    """The repaired notebook of these cells."""
    return repair(read_submitted(json.dumps(book).encode(), "budget.ipynb"), source)


def order(result):
    """Per cell its grade_id, or its text."""
    return [one.metadata.get("nbgrader", {}).get("grade_id") or one.source for one in result.notebook.cells]


# what the course knows


def test_a_source_has_hidden_tests_and_no_solutions(tmp_path):
    """Tests come with their hidden part and its checksum; of answers only what learners were given is known."""
    released, solved = tmp_path / f"{NAME}.ipynb", tmp_path / "solved.ipynb"
    nbformat.write(assignment(hidden=""), released)
    book = assignment()
    for name, text in ANSWERS.items():
        the(book, name).source = text
    nbformat.write(book, solved)

    read = read_source(released, solved)
    cells = {one.grade_id: one for one in read.cells}

    assert list(cells) == ["title", "setup", "q1", "test-q1", "q2", "test-q2", "essay"]
    assert cells["test-q1"].source.endswith(HIDDEN)
    assert cells["test-q1"].given == "assert total([1, 2]) == 3"
    assert cells["test-q1"].checksum != read_source(released).cells[3].checksum
    assert cells["q1"].source == STUB
    assert read.plain == {"Add up the costs."}
    assert [one.points for one in read.cells] == [None, None, None, 3, None, 4, 5]


def test_a_test_of_the_gradebook_is_compared_without_its_hidden_part(source, folder):
    """A learner who hands in the test as it was given is not told that it was changed."""
    cells = [SourceCell(**{**vars(one), "released": None}) for one in source.cells]
    gradebook = SourceNotebook(NAME, tuple(cells))

    result = repaired(answered(), gradebook)

    assert result.notes == ()
    assert texts(result)["test-q1"].endswith(HIDDEN)


@pytest.mark.parametrize("grade_id", ["", "title"])
def test_a_source_with_a_wrong_grade_id_is_refused(tmp_path, grade_id):
    """A course's notebook with a missing or repeated grade_id is the author's mistake, and is told as such."""
    book = assignment()
    the(book, "setup").metadata.nbgrader.grade_id = grade_id
    nbformat.write(book, tmp_path / "a.ipynb")

    with pytest.raises(GradingError, match="missing or used twice"):
        read_source(tmp_path / "a.ipynb")


@pytest.mark.parametrize("text", ["", "[]", '{"nbformat": 4, "nbformat_minor": 5}'])
def test_a_source_that_is_no_notebook_is_refused(tmp_path, text):
    """A course's notebook that cannot be read is an error for the instructor, not a traceback of a library."""
    (tmp_path / "a.ipynb").write_text(text)

    with pytest.raises(GradingError, match=r"a\.ipynb: this notebook of the course cannot be read"):
        read_source(tmp_path / "a.ipynb")


# which cell is which, and where it is put


def test_good_work_is_left_alone(source, folder):
    """An honest submission comes out with its answers, in its order, without a word."""
    put(folder, answered())

    submission, result = read(folder, source)

    assert (submission.notes, result.notes, result.file) == ((), (), f"{NAME}.ipynb")
    assert order(result) == ["title", "setup", "Add up the costs.", "q1", "test-q1", "q2", "test-q2", "essay"]
    assert {name: texts(result)[name] for name in ANSWERS} == ANSWERS


def test_a_deleted_test_runs_after_all_that_was_written_before_it(source):
    """A test is put back behind the learner's own cells, right before the next cell of the assignment."""
    book = answered()
    del book.cells[at(book, "test-q1")]
    book.cells.insert(at(book, "q2"), v4.new_code_cell("more = 1"))
    book.cells.append(v4.new_code_cell("last = 1"))
    del book.cells[at(book, "test-q2")]

    assert order(repaired(book, source))[3:] == ["q1", "more = 1", "test-q1", "q2", "test-q2", "essay", "last = 1"]


def test_a_deleted_answer_cannot_undo_what_was_written_elsewhere(source):
    """An answer is put back before the learner's own cells, because its text could reset what they compute."""
    book = answered()
    book.cells[at(book, "q2")] = v4.new_code_cell("half = costs[0]")
    book.cells.insert(at(book, "test-q2"), v4.new_code_cell("share = half / costs[1]"))

    result = repaired(book, source)

    assert order(result)[4:8] == ["test-q1", "q2", "half = costs[0]", "share = half / costs[1]"]
    assert texts(result)["q2"] == "# YOUR CODE HERE"
    assert [note.sentence for note in result.notes] == [
        "The answer cell 'q2' was missing: it was put back empty, and counts as not answered."
    ]


def test_cells_put_back_keep_their_order(source):
    """Of a run of deleted cells each comes back in the order of the assignment."""
    book = answered()
    book.cells = [the(book, "title"), the(book, "essay")]

    assert order(repaired(book, source)) == [one.grade_id for one in source.cells]


def test_deleted_first_and_last_cells_come_back(source):
    """The ends of a notebook are places like any other."""
    book = answered()
    book.cells = book.cells[2:-1]

    assert order(repaired(book, source)) == [
        *("title", "setup", "Add up the costs.", "q1", "test-q1", "q2", "test-q2", "essay")
    ]


@pytest.mark.parametrize(
    ("copies", "kept", "told"),
    [
        (["", "mine"], "mine", "the one that you changed counts"),
        (["mine", ""], "mine", "the one that you changed counts"),
        (["one", "two"], "one", "2 were changed, and the first of them counts"),
        (["", "", ""], "# YOUR CODE HERE", "none was changed"),
    ],
)
def test_which_copy_of_an_answer_counts(source, copies, kept, told):
    """The changed copy counts, of several the first; the others stay where they are, and run."""
    book, here = answered(), at(answered(), "q2")
    made = [twin(book, "q2", text or "# YOUR CODE HERE") for text in copies]
    book.cells[here : here + 1] = made

    result = repaired(book, source)

    assert texts(result)["q2"] == kept
    assert [one.source for one in result.notebook.cells][here : here + len(copies)] == [one.source for one in made]
    assert [note.kind for note in result.notes] == ["copies"]
    assert told in result.notes[0].sentence


def test_of_changed_copies_the_one_in_its_place_counts(source):
    """A draft that was pasted above everything does not count before the answer in its place."""
    book = answered()
    book.cells.insert(0, twin(book, "q2", "share = 'draft'"))

    result = repaired(book, source)

    assert texts(result)["q2"] == ANSWERS["q2"]
    assert order(result)[0] == "share = 'draft'"


def test_a_copy_of_a_test_is_no_answer(source):
    """A pasted test in the place of a deleted answer stays the learner's own cell."""
    book = answered()
    book.cells[at(book, "q2")] = twin(book, "test-q1")

    result = repaired(book, source)

    assert texts(result)["q2"] == "# YOUR CODE HERE"
    assert kinds(result.notes) == ["copies", "missing"]


def test_of_copies_of_a_test_the_unchanged_one_is_the_test(source):
    """An edited copy above the test stays an ordinary cell, and the test runs where it was."""
    book = answered()
    book.cells.insert(0, twin(book, "test-q1", "assert total([1, 2]) == 3 or True"))

    result = repaired(book, source)

    assert order(result)[0] == "assert total([1, 2]) == 3 or True"
    assert kinds(result.notes) == ["copies"]


def test_two_renamed_answers_are_known_by_their_order(source):
    """Renamed cells are matched where there are as many as are missing."""
    third = SourceCell("q3", "code", False, True, False, False, None, None, "# YOUR CODE HERE")
    book = SourceNotebook(NAME, (*source.cells[:4], third, *source.cells[4:]), plain=source.plain)
    handed_in = answered()
    handed_in.cells.insert(at(handed_in, "q2"), cell("code", "third = 3", meta("b", "code", solution=True)))
    the(handed_in, "q2").metadata.nbgrader.grade_id = "c"

    result = repaired(handed_in, book)

    assert (texts(result)["q3"], texts(result)["q2"]) == ("third = 3", ANSWERS["q2"])


def test_the_authors_own_text_is_no_answer(source):
    """Where a text answer was deleted, a cell of the author beside it is not taken for it."""
    book = answered()
    book.cells[at(book, "essay")] = v4.new_markdown_cell("Add up the costs.")

    assert texts(repaired(book, source))["essay"] == "YOUR ANSWER HERE"


def test_without_the_authors_text_a_cell_without_settings_is_no_answer(source):
    """A gradebook knows no cells without grade_id, so a question could be taken for an answer: it is not."""
    book = answered()
    book.cells[at(book, "essay")] = v4.new_markdown_cell("Perhaps the question.")
    gradebook = SourceNotebook(NAME, source.cells)

    assert texts(repaired(book, gradebook))["essay"] == "YOUR ANSWER HERE"
    assert texts(repaired(book, source))["essay"] == "Perhaps the question."


def test_an_answer_that_keeps_the_words_of_its_start_is_known(source):
    """An answer without settings is known among other cells by the words that were given."""
    book = answered()
    the(book, "q1").metadata = {}
    book.cells.insert(at(book, "test-q1"), v4.new_code_cell("print(total([1]))"))

    assert texts(repaired(book, source))["q1"] == ANSWERS["q1"]


def test_one_word_in_common_tells_nothing(source):
    """A cell is not taken for an answer because both hold the word `pass`."""
    given = SourceCell("q", "code", False, True, False, False, None, None, "pass")
    handed_in = (SubmittedCell("code", "", {"grade_id": "setup"}), SubmittedCell("code", "for one in costs: pass"))

    result = repair(SubmittedNotebook(handed_in), SourceNotebook(NAME, (source.cells[1], given)))

    assert order(result) == ["setup", "q", "for one in costs: pass"]


def test_names_that_are_no_cell_ids_make_a_whole_notebook():
    """A grade_id may have forms that a cell's id may not, and may look like an id of ours."""
    names = ("my answer (1)", "n" * 65, "cell-1", "cell-2")
    cells = tuple(SourceCell(name, "code", False, True, False, False, None, None, name) for name in names)

    result = repair(
        SubmittedNotebook((SubmittedCell("code", "", {"grade_id": "cell-1"}),)), SourceNotebook(NAME, cells)
    )

    nbformat.validate(result.notebook)
    assert len({one.id for one in result.notebook.cells}) == 4


def test_an_edited_test_is_not_left_beside_the_original(source):
    """A test that lost its settings and was edited is known by its words, and has its text again."""
    book = answered()
    the(book, "test-q1").source = "assert total([1, 2]) == 3 or True"
    the(book, "test-q1").metadata = {}

    result = repaired(book, source)

    assert len(result.notebook.cells) == len(book.cells)
    assert kinds(result.notes) == ["edited", "recognised"]


def test_pictures_in_an_answer_are_kept(source):
    """A picture that a learner pasted into a text answer is there for the person who reads it; a page is not."""
    book, picture = answered(), {"image/png": "iVBORw0KGgo="}
    the(book, "essay").attachments = {"a.png": picture, "b.png": {"text/html": "PHNjcmlwdD4="}}

    result = repaired(book, source)

    assert the(result.notebook, "essay").attachments == {"a.png": picture}
    assert kinds(result.notes) == ["attachment"]


def test_an_assignment_without_marked_cells_is_read_as_it_is():
    """Where the course marks no cell, none can be missing."""
    result = repaired(v4.new_notebook(cells=[v4.new_code_cell("1")]), SourceNotebook("free", ()))

    assert order(result) == ["1"]


# never an exception

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def _ways(value, way=()):
    """The way to every value within a value."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from _ways(below, (*way, key))


@settings(max_examples=100)
@given(data=st.data())
def test_any_damage_to_a_notebook_is_repaired_or_told(data, source):
    """Whatever stands anywhere in the file, the result is a whole notebook or a reason."""
    book = json.loads(json.dumps(data.draw(st.sampled_from([answered(), nbformat.convert(answered(), 3)]))))
    for _ in range(data.draw(st.integers(1, 4))):
        way = data.draw(st.sampled_from(list(_ways(book))[1:]))
        parent = reduce(lambda at, key: at[key], way[:-1], book)
        if data.draw(st.booleans()):
            parent[way[-1]] = data.draw(json_values)
        else:
            del parent[way[-1]]
        if not book:
            break
    try:
        result = repaired(book, source)
    except UnreadableError as reason:
        assert str(reason)
    else:
        nbformat.validate(result.notebook)
        assert sorted(texts(result)) == sorted(one.grade_id for one in source.cells)
        assert {one.grade_id: one.source for one in source.cells if one.is_fixed}.items() <= texts(result).items()


@settings(max_examples=100)
@given(start=st.binary(max_size=30), cut=st.integers(0, 3000), end=st.binary(max_size=30))
def test_any_bytes_are_read_or_told(start, cut, end):
    """Whatever bytes are in the file, they are cells or a reason."""
    try:
        assert read_submitted(start + json.dumps(answered()).encode()[cut:] + end, "a.ipynb").cells
    except UnreadableError as reason:
        assert "\n" not in str(reason)


@given(kept=st.lists(st.integers(0, 7), max_size=20))
def test_any_order_of_cells_has_each_cell_once(kept, source):
    """Cells left out, moved and repeated at will come out once each, and none of the learner's is lost."""
    whole = answered()
    book = whole | {"cells": [copy.deepcopy(whole.cells[index]) for index in kept]}
    try:
        result = repaired(book, source)
    except UnreadableError:
        assert set(kept) <= {2}
    else:
        found = [name for name in order(result) if name in {one.grade_id for one in source.cells}]
        assert sorted(found) == sorted(one.grade_id for one in source.cells)
        missing = [note for note in result.notes if note.kind == "missing"]
        assert len(result.notebook.cells) == len(kept) + len(missing)


def test_a_hostile_notebook_takes_no_long_time(source):
    """Thousands of words in thousands of cells, and all settings lost, are matched in seconds."""
    words = " ".join(f"w{number}" for number in range(2_000))
    cells = [SubmittedCell("code", f"{number} {words}") for number in range(1_000)]
    cells += [SubmittedCell("code", "costs", {"grade_id": "setup"})]
    many = [SourceCell(f"q{n}", "code", False, True, False, False, None, None, f"{n} {words}") for n in range(200)]
    book = SourceNotebook(NAME, (source.cells[1], *many), plain=frozenset())
    before = os.times().user

    repair(SubmittedNotebook(tuple(cells)), book)

    assert os.times().user - before < 10


# folders


def test_each_notebook_of_an_assignment_is_graded_by_itself(source, folder, tmp_path):
    """One notebook that is missing or broken does not take the others with it; a renamed one is known by its cells."""
    nbformat.write(
        v4.new_notebook(cells=[cell("code", "1", meta("z", "code", solution=True))]), tmp_path / "zeta.ipynb"
    )
    zeta = read_source(tmp_path / "zeta.ipynb")
    put(folder, answered())
    assert "'zeta.ipynb' is missing" in read_submission(folder, [source, zeta]).notebooks["zeta"].reason

    (folder / f"{NAME}.ipynb").unlink()
    put(folder, answered(), "first.ipynb")
    put(folder, v4.new_notebook(cells=[cell("code", "2", meta("z", "code", solution=True))]), "second.ipynb")
    found = read_submission(folder, [source, zeta]).notebooks

    assert list(found) == [NAME, "zeta"]
    assert (found[NAME].file, found["zeta"].file) == ("first.ipynb", "second.ipynb")
    assert texts(found["zeta"]) == {"z": "2"}


def test_the_only_notebook_is_taken_even_if_its_cells_have_lost_their_settings(source, folder):
    """A notebook that another program has renamed and stripped is the one that is meant, if there is no other."""
    book = answered()
    for one in book.cells:
        one.metadata = {}
    put(folder, book, "renamed.ipynb")

    assert kinds(read(folder, source)[1].notes) == ["name", "recognised"]


def test_a_notebook_under_the_right_name_in_another_form_of_letters_is_taken(tmp_path):
    """Letters with accents are one letter or two, as the system that packed the file likes."""
    put(tmp_path / "alice", v4.new_notebook(), "u\u0308bung.ipynb")

    submission = read_submission(tmp_path / "alice", [SourceNotebook("\u00fcbung", ())])

    assert isinstance(submission.notebooks["\u00fcbung"], Repaired)
    assert kinds(submission.notebooks["\u00fcbung"].notes) == []


def test_no_folder_on_the_way_may_be_a_link(source, tmp_path):
    """A learner's name that leads to another learner's work is not followed at any step."""
    put(tmp_path / "submitted" / "bob" / "hw", answered())
    (tmp_path / "submitted" / "alice").symlink_to("bob")
    (tmp_path / "course").symlink_to("submitted")

    linked, _ = read(tmp_path / "submitted" / "alice" / "hw", source, below=tmp_path / "submitted")
    allowed, result = read(tmp_path / "course" / "bob" / "hw", source, below=tmp_path / "course")

    assert "a link or a file is in its place" in linked.notebooks[NAME].reason
    assert isinstance(result, Repaired)
    assert allowed.parts == ("bob", "hw")


@pytest.mark.parametrize("name", ["elsewhere", "submitted/../elsewhere"])
def test_a_folder_outside_of_the_submissions_is_the_callers_mistake(source, tmp_path, name):
    """A path that leads out of the folder of submissions is refused."""
    with pytest.raises(GradingError, match="does not lie in the folder of submissions"):
        read_submission(tmp_path / name, [source], below=tmp_path / "submitted")


def test_what_the_course_ignores_is_passed_over(source, folder):
    """Patterns of the course's configuration decide what is not even told."""
    put(folder, answered())
    put(folder, "[]", "scratch.ipynb")
    (folder / "a.tmp").symlink_to("nowhere")

    submission, result = read(folder, source, ignore=["scratch*", "*.tmp"])

    assert (submission.notes, result.notes) == ((), ())


def test_a_notebook_between_the_limits_is_told(source, folder):
    """A notebook that is larger than a notebook may be is told what to do, even where other files may be larger."""
    path = put(folder, answered())
    path.write_text(path.read_text() + " " * 200_000)

    result = read(folder, source, sizes=Sizes(notebook_mb=0.1, file_mb=1))[1]

    assert result == NotGraded(
        "'budget.ipynb' has more than 0.1 MB. Clear its outputs (menu Edit, Clear Outputs of All Cells), "
        "save it, and hand it in again."
    )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-02-03 10:00:00.5 UTC", datetime(2026, 2, 3, 10, 0, 0, 500_000)),
        ("2026-02-03 10:00:00 Europe/Berlin\n", datetime(2026, 2, 3, 9)),
        ("2026-02-03T10:00:00+02:00", datetime(2026, 2, 3, 8)),
        ("20260203T100000Z", datetime(2026, 2, 3, 10)),
        ("\ufeff2026-02-03 10:00:00", datetime(2026, 2, 3, 10)),
        ("2026-02-03T10:00:00 XYZ", datetime(2026, 2, 3, 10)),
    ],
)
def test_timestamps_are_read_as_nbgrader_reads_them(source, folder, text, time):
    """Times with and without zones come out in UTC, as the gradebook keeps them."""
    put(folder, answered())
    (folder / "timestamp.txt").write_text(text, encoding="utf-8")

    submission, _ = read(folder, source)

    assert (submission.timestamp, submission.notes) == (time, ())


@pytest.mark.parametrize(
    "text",
    [
        "Monday 10:00",
        "2026 or so",
        "2026-99-99 10:00:00",
        "0001-01-01 00:00:00 +9999",
        "9999-12-31 23:59:59 -0100",
        "2026-01-01 10:00:00 :/etc/hostname",
        "2026-01-01 10:00:00 ../../etc/hostname",
        "2026-01-01 10:00:00 9999999999999999999999999999",
    ],
)
def test_what_is_no_time_is_no_time(text):
    """Neither half a date, a time beyond the calendar nor the name of a file is taken for a time."""
    with pytest.raises(ValueError):
        parsed(text)


def test_an_empty_timestamp_is_told(source, folder):
    """An empty timestamp file is told as such."""
    put(folder, answered())
    (folder / "timestamp.txt").write_text("\n")

    assert [note.sentence for note in read(folder, source)[0].notes] == [
        "timestamp.txt is empty; the time of the hand-in is not known."
    ]


# copies


def test_a_copy_has_the_learners_files_and_folders(source, folder, tmp_path):
    """Files keep their place, and nothing of their permissions."""
    put(folder, answered())
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("1")
    (folder / "data" / "a.csv").chmod(0o4777)

    notes = copy_in(read(folder, source)[0], tmp_path / "copy")

    assert notes == ()
    assert (tmp_path / "copy" / "data" / "a.csv").read_text() == "1"
    assert not (tmp_path / "copy" / "data" / "a.csv").stat().st_mode & 0o7111
    assert sorted(path.name for path in (tmp_path / "copy").rglob("*")) == ["a.csv", f"{NAME}.ipynb", "data"]


def test_a_file_that_changes_meanwhile_is_not_copied(source, folder, tmp_path):
    """A file that became a link, another file or too large after it was found is left out, and told."""
    put(folder, answered())
    (tmp_path / "secret").write_text("secret")
    for name in ("link", "other", "grown", "gone", "same"):
        (folder / name).write_text("1")
    submission, _ = read(folder, source)
    for name in ("link", "other", "gone"):
        (folder / name).rename(tmp_path / f"old-{name}")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "other").write_text("2")
    (folder / "grown").write_text("1" * 20_000)

    notes = copy_in(submission, tmp_path / "copy", Sizes(file_mb=0.01, notebook_mb=0.01))

    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [f"{NAME}.ipynb", "same"]
    assert [note.sentence for note in notes] == [
        "These could not be copied, and were left out: 'gone', 'grown', 'link', 'other'."
    ]


def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(source, folder, tmp_path):
    """The way to a file is gone step by step, so that a folder swapped for a link leads nowhere."""
    put(folder, answered())
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("1")
    submission, _ = read(folder, source)
    (folder / "data").rename(tmp_path / "elsewhere")
    (folder / "data").symlink_to(tmp_path / "elsewhere")

    assert kinds(copy_in(submission, tmp_path / "copy")) == ["unreadable"]
    assert not list((tmp_path / "copy").rglob("a.csv"))


def test_a_copy_stays_within_its_total(source, folder, tmp_path):
    """What has grown meanwhile cannot make the copy larger than all files together may be."""
    for number in range(5):
        (folder / f"{number}.txt").write_text("1")
    submission, _ = read(folder, source)
    for number in range(5):
        (folder / f"{number}.txt").write_text("1" * 400)

    copy_in(submission, tmp_path / "copy", Sizes(total_mb=0.001))

    assert sum(path.stat().st_size for path in (tmp_path / "copy").iterdir()) == 800


def test_of_too_many_files_the_work_and_the_small_ones_are_taken(source, folder):
    """Files that are too much together are left out from the largest on, but never the answers."""
    put(folder, answered())
    (folder / "answers.json").write_text("1" * 400_000)
    for number in range(1, 5):
        (folder / f"{number}.txt").write_text("1" * 100_000 * number)

    submission, _ = read(folder, source, sizes=Sizes(total_mb=0.8))

    assert [file.parts[0] for file in submission.files] == ["1.txt", "2.txt", "answers.json", f"{NAME}.ipynb"]
    assert [note.sentence for note in submission.notes] == [
        "There is more in the folder than is taken, so these were left out: '3.txt', '4.txt'."
    ]


def test_a_copy_goes_into_an_empty_folder_only(source, folder, tmp_path):
    """Two submissions never come together in one folder."""
    put(folder, answered())
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "a").write_text("1")

    with pytest.raises(GradingError, match="the folder is not empty"):
        copy_in(read(folder, source)[0], tmp_path / "used")


# texts


def test_notes_are_safe_in_a_page():
    """Whatever a sentence holds, its HTML has no tags."""
    assert Repair("name", "<b> & co").html == NotGraded("<b> & co").html == "&lt;b&gt; &amp; co"


def test_names_are_shown_on_one_short_line():
    """Control characters, marks that turn the writing round, and length do not get through."""
    assert shown("a\x1b[2J\u202e\n\ud800\u2028b") == "'a\ufffd[2J\ufffd\ufffd\ufffd\ufffdb'"
    assert len(shown("n" * 10_000)) == 62
    assert listed(["a", "b"], most=2) == "'a', 'b'"
