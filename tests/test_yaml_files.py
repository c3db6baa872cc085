"""YAML files: every mistake at once, by file, line and column, and words that stay words."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from threechairs.errors import ContentError
from threechairs.yaml_files import Mistake, load_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Door(_Strict):
    kind: Literal["door"]
    width: int


class _Gate(_Strict):
    kind: Literal["gate"]
    opens: str

    @field_validator("opens")
    @classmethod
    def _is_no_secret(cls, opens):
        if opens == "never":
            raise ValueError("a gate that never opens is a wall")
        return opens


class _Site(_Strict):
    title: str
    minutes: int = Field(gt=0)
    ways: list[Annotated[_Door | _Gate, Field(discriminator="kind")]] = []
    notes: dict[str, str] = {}


@pytest.fixture
def problems(tmp_path):
    """Lines of the message that a text gives."""

    def load(text):
        path = tmp_path / "site.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ContentError) as told:
            load_yaml(path, _Site)
        return str(told.value).splitlines()

    return load


def test_every_mistake_is_told_at_once_with_line_and_column(problems):
    """An author mends the whole file in one go."""
    found = problems(
        "title: 3\n"
        "minuts: 5\n"
        "minutes: 0\n"
        "ways:\n"
        "  - kind: door\n"
        "    width: wide\n"
        "  - kind: gate\n"
        "    opens: never\n"
        "  - kind: gate\n"
        "    opns: at dawn\n"
    )

    assert found == [
        "site.yaml:1:1: title is 3. Input should be a valid string.",
        "site.yaml:2:1: 'minuts' is not known here. Did you mean 'minutes'?",
        "site.yaml:3:1: minutes is 0. Input should be greater than 0.",
        "site.yaml:6:5: ways.0.door.width is 'wide'. "
        "Input should be a valid integer, unable to parse string as an integer.",
        "site.yaml:8:5: ways.1.gate.opens: a gate that never opens is a wall.",
        "site.yaml:9:5: 'ways.2.gate.opens' is missing. Expected a value for it.",
        "site.yaml:10:5: 'ways.2.gate.opns' is not known here. Did you mean 'opens'?",
    ]


class _Post(_Strict):
    kind: Literal["post"]
    post: int
    true: bool = True


class _Yard(_Strict):
    posts: list[Annotated[_Post | _Gate, Field(discriminator="kind")]] = []
    heights: dict[Literal["low", "high"], int] = {}


@pytest.fixture
def yard(tmp_path):
    """Reads a text as a yard."""

    def load(text, *further):
        path = tmp_path / "yard.yaml"
        path.write_text(text, encoding="utf-8")
        return load_yaml(path, _Yard, beyond=lambda _data: further)

    return load


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("heights:\n  low: 1\n  hihg: 2\n", "3:3: heights.hihg is 'hihg'. Input should be 'low' or 'high'. Did you"),
        ("heights:\n  low: 1\n  high: tall\n", "3:3: heights.high is 'tall'."),
        ("posts:\n  - kind: post\n    post: 1\n    true: maybe\n", "4:5: posts.0.post.true is 'maybe'."),
        ("posts:\n  - kind: post\n    post: one\n", "3:5: posts.0.post.post is 'one'."),
    ],
)
def test_keys_and_tags_have_their_place(yard, text, line):
    """A wrong key is told where the key stands; a tag of a union that is a key as well leads nowhere else."""
    with pytest.raises(ContentError) as told:
        yard(text)

    assert str(told.value).startswith(f"yard.yaml:{line}")


def test_true_and_false_are_names_where_they_are_keys(yard):
    """A field may be called `true`, and is written as it is called."""
    assert yard("posts:\n  - kind: post\n    post: 1\n    true: false\n").posts[0].true is False


def test_mistakes_beyond_the_schema_are_told_in_their_places(yard):
    """What a schema cannot see stands among the other mistakes, each once, from the top of the file."""
    further = [
        Mistake(("heights", "low"), "it is too low. Expected 2"),
        Mistake(("heights", "low", "[key]"), "it is too low. Expected 2"),
        Mistake(("posts", 0, "opens"), "a gate that never opens is a wall"),
        Mistake((), "the yard is small"),
    ]
    with pytest.raises(ContentError) as told:
        yard("posts:\n  - kind: gate\n    opens: never\n  - kind: post\nheights: {low: 1}\n", *further)

    assert str(told.value).splitlines() == [
        "yard.yaml:1:1: the yard is small.",
        "yard.yaml:3:5: a gate that never opens is a wall.",
        "yard.yaml:4:5: 'posts.1.post.post' is missing. Expected a value for it.",
        "yard.yaml:5:11: it is too low. Expected 2.",
    ]


def test_an_unknown_kind_is_told_with_the_known_ones(problems):
    """A kind that does not exist names those that do."""
    (line,) = problems("title: Gate 4\nminutes: 5\nways:\n  - kind: fence\n")

    assert line.startswith("site.yaml:4:5: ways.0 is {'kind': 'fence'}.")
    assert "'door', 'gate'" in line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("17:30", "17:30"),
        ("0o17", None),
        ("2026-01-05", None),
        ("'3'", "3"),
    ],
)
def test_words_stay_words(tmp_path, text, value):
    """YAML 1.2: `no` is no truth value and 17:30 is no number of seconds."""
    path = tmp_path / "site.yaml"
    path.write_text(f"title: {text}\nminutes: 5\n")

    if value is None:
        with pytest.raises(ContentError, match="title is"):
            load_yaml(path, _Site)
    else:
        assert load_yaml(path, _Site).title == value


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("title: Gate: four\nminutes: 5\n", "site.yaml:1:12", "this is not YAML"),
        ("title: a\n minutes: 5\n", "site.yaml:2:9", "this is not YAML"),
        ("title: a\ntitle: b\nminutes: 5\n", "site.yaml:2:1", "duplicate key"),
        ("title: [a\n", "site.yaml:2:1", "this is not YAML"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(problems, text, place, words):
    """The line of the mistake and what often helps."""
    (line,) = problems(text)

    assert line.startswith(f"{place}: ")
    assert words in line
    assert "Put texts that hold ': ' or '#' under '>-'." in line


@pytest.mark.parametrize("content", [b"title: caf\xe9\nminutes: 5\n", b"title: a\x00b\nminutes: 5\n"])
def test_what_is_no_text_is_told(tmp_path, content):
    """A file in another encoding, or with control characters, is told by name."""
    path = tmp_path / "site.yaml"
    path.write_bytes(content)

    with pytest.raises(ContentError, match=r"site\.yaml: this is not text in UTF-8: .* Save it as UTF-8\."):
        load_yaml(path, _Site)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- title: a\n", "just words\n"])
def test_a_file_of_another_shape_is_told(problems, text):
    """An empty file, a list or a sentence is not taken for an empty course."""
    (line,) = problems(text)

    assert line.startswith("site.yaml") and "the file is" in line


def test_long_values_are_cut_in_messages(problems):
    """A message stays readable whatever was written."""
    (line,) = problems(f"title: a\nminutes: {'x' * 500}\n")

    assert len(line) < 200
