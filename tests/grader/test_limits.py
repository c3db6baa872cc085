"""Limits come from the policy file, with units in their names and every mistake told by its line."""

import pytest

from threechairs.datasets import course_root
from threechairs.errors import ContentError
from threechairs.grader.limits import Limits, read_limits


@pytest.fixture
def policy(tmp_path):
    """Writes a policy file and returns its path."""

    def write(text):
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_what_is_written_replaces_the_default(policy):
    """A limit that the file names counts; all others keep their defaults."""
    limits = read_limits(policy("format: 1\nassignments: {}\nlimits:\n  cpu_s: 7\n  wall_s: 2.5\n"))

    assert limits == Limits(cpu_s=7, wall_s=2.5)
    assert limits.memory_mb == Limits().memory_mb


@pytest.mark.parametrize("text", ["format: 1\n", "limits: {}\n"])
def test_without_a_section_the_defaults_hold(policy, text):
    """An older policy file, or an empty section, grades with the defaults."""
    assert read_limits(policy(text)) == Limits()


def test_without_a_file_the_defaults_hold(tmp_path):
    """A course of somebody else has no policy file."""
    assert read_limits(tmp_path / "policy.yaml") == Limits()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("memory_gb: 2", r"policy\.yaml:3:3: 'limits\.memory_gb' is not known here\. Did you mean 'memory_mb'\?"),
        ("cpu_s: 0", r"policy\.yaml:3:\d+: limits\.cpu_s is 0\. .*greater than or equal to 1"),
        ("processes: many", r"policy\.yaml:3:\d+: limits\.processes is 'many'\. .*valid integer"),
    ],
)
def test_mistakes_are_told(policy, line, told):
    """An unknown limit, one out of its range and one that is no number are named with their place."""
    with pytest.raises(ContentError, match=told):
        read_limits(policy(f"format: 1\nlimits:\n  {line}\n"))


def test_the_course_itself_names_every_limit():
    """An instructor finds each limit in the file, with the value that holds."""
    text = (course_root() / "grading" / "policy.yaml").read_text(encoding="utf-8")
    limits = read_limits(course_root() / "grading" / "policy.yaml")

    for name, value in limits:
        assert f"  {name}: {value:g}" in text
