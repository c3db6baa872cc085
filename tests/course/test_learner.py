"""Who is learning: whose name counts, what is kept, and that it can be erased."""

import json

import pytest

from threechairs.course import learner
from threechairs.errors import UsageError


def test_names_count_in_their_order(monkeypatch):
    """The grader's word before the learner's own, then the hub's user, then the system's."""
    monkeypatch.setattr(learner.getpass, "getuser", lambda: "system")
    found = [learner.learner_name()]
    monkeypatch.setenv("JUPYTERHUB_USER", "hub")
    found.append(learner.learner_name())
    learner.remember_name("profile")
    found.append(learner.learner_name())
    monkeypatch.setenv("THREECHAIRS_LEARNER", "grader")
    found.append(learner.learner_name())

    assert found == ["system", "hub", "profile", "grader"]


def test_the_case_id_is_the_name_unless_it_is_given(monkeypatch):
    """A roster may map a learner to another case."""
    learner.remember_name("alice")
    own = learner.case_id()
    monkeypatch.setenv("THREECHAIRS_CASE_ID", "case-7")

    assert (own, learner.case_id(), learner.learner_name()) == ("alice", "case-7", "alice")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null"])
def test_a_damaged_profile_is_as_none(monkeypatch, content):
    """A profile that cannot be read does not keep anybody from learning."""
    monkeypatch.setattr(learner.getpass, "getuser", lambda: "system")
    learner.data_folder().mkdir(exist_ok=True)
    (learner.data_folder() / "profile.json").write_text(content)

    assert learner.learner_name() == "system"


@pytest.mark.parametrize("name", ["a", "alice", "A.B-c_d@example.org", "7", "x" * 64])
def test_names_for_files_and_gradebooks_are_taken(name):
    """Letters, digits and `. _ @ -`, beginning with a letter or digit."""
    assert learner.check_name(name) == name
    learner.remember_name(name)
    assert learner.learner_name() == name


@pytest.mark.parametrize("name", ["", " ", "a b", "../a", "a/b", "a\\b", ".a", "-a", "é", "a\n", "x" * 65, "a:b", "a*"])
def test_names_that_break_files_are_refused(name):
    """The message shows the name and what may stand in it, and nothing is kept."""
    with pytest.raises(UsageError, match="cannot be used as a file name on every computer"):
        learner.remember_name(name)

    assert not (learner.data_folder() / "profile.json").exists()


def test_only_the_name_is_kept_and_forget_erases_it():
    """What the kit stores outside the learner's folder is one name, and one command takes it away."""
    learner.remember_name("alice")
    kept = json.loads((learner.data_folder() / "profile.json").read_text())

    erased = learner.forget()

    assert kept == {"name": "alice"}
    assert [path.name for path in erased] == ["profile.json"]
    assert not learner.data_folder().exists()
    assert learner.forget() == []


def test_the_data_folder_can_be_set(monkeypatch, tmp_path):
    """Without the variable it is the system's place for user data."""
    monkeypatch.setenv("THREECHAIRS_HOME", str(tmp_path / "here"))
    set_to = learner.data_folder()
    monkeypatch.delenv("THREECHAIRS_HOME")

    assert set_to == tmp_path / "here"
    assert learner.data_folder().name == "threechairs"


@pytest.mark.parametrize(
    ("user", "name"), [("Jane Doe", "Jane-Doe"), ("Zoë", "Zo"), ("漢字", "learner"), ("alice", "alice")]
)
def test_a_system_name_becomes_one_that_can_be_handed_in(monkeypatch, tmp_path, user, name):
    """Whoever begins under the computer's own name can also hand in under it."""
    monkeypatch.setenv("THREECHAIRS_HOME", str(tmp_path))
    for variable in ("THREECHAIRS_LEARNER", "THREECHAIRS_CASE_ID"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("JUPYTERHUB_USER", user)

    assert learner.check_name(learner.case_id()) == name
