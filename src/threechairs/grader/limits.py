"""What one submission may use up at most, as `grading/policy.yaml` says it in its section `limits`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from threechairs.yaml_files import load_yaml


class Limits(BaseModel):
    """Limits of one submission; the defaults are ample for a notebook that works with pandas.

    Parameters
    ----------
    cpu_s : int
        Processor time of one process, in seconds.
    wall_s : float
        Time by the clock for the whole submission, in seconds.
    cell_wall_s : float
        Time by the clock for one cell, in seconds.
    memory_mb : int
        Address space of one process, and memory of all processes of a submission together, in MB (2**20 bytes).
    processes : int
        Processes and threads of a submission together.
    open_files : int
        Open files and sockets of one process.
    output_mb : int
        Everything that a submission prints or hands over, in MB.
    file_mb : int
        Size of one file that it writes, in MB.
    disk_mb : int
        Size of all its files together, in MB.

    Examples
    --------
    >>> Limits(cpu_s=30).cpu_s, Limits().memory_mb
    (30, 2048)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cpu_s: int = Field(default=60, ge=1, le=86_400)
    wall_s: float = Field(default=120, gt=0, le=86_400)
    cell_wall_s: float = Field(default=30, gt=0, le=86_400)
    memory_mb: int = Field(default=2048, ge=64, le=1_048_576)
    processes: int = Field(default=64, ge=1, le=10_000)
    open_files: int = Field(default=256, ge=16, le=65_536)
    output_mb: int = Field(default=16, ge=1, le=1024)
    file_mb: int = Field(default=32, ge=1, le=65_536)
    disk_mb: int = Field(default=64, ge=1, le=65_536)


class _Policy(BaseModel):
    """The part of `grading/policy.yaml` that is about limits."""

    model_config = ConfigDict(extra="ignore")
    limits: Limits = Limits()


def read_limits(path: Path) -> Limits:
    """Limits from `grading/policy.yaml`; the defaults where the file or its section is missing.

    Parameters
    ----------
    path : pathlib.Path
        The policy file. Its other sections are not looked at.

    Raises
    ------
    ContentError
        If a limit is not known, not a number or out of its range; it names the line.

    Examples
    --------
    >>> read_limits(Path("no-such-course/policy.yaml")).processes
    64
    """
    if not path.is_file():
        return Limits()
    return load_yaml(path, _Policy).limits
