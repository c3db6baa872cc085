"""How strong a sandbox is on this machine, and which promises hold there."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """From the strongest to none."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    NONE = "none"


@dataclass(frozen=True)
class Tier:
    """What stands between a submission and this machine.

    Parameters
    ----------
    kind : Kind
        The strongest set of layers that was tried here and worked.
    landlock_version : int
        Version of the kernel's Landlock; 0 if it has none.
    cgroup : bool
        Whether control groups may be made, so that the kernel counts memory and processes of a submission together.
    why_not_stronger : tuple of str
        What went wrong with the stronger kinds.

    Examples
    --------
    >>> print(Tier(Kind.NAMESPACES, landlock_version=7).told())
    Sandbox: namespaces, Landlock (version 7), system call filter, resource limits.
      Memory of all processes together is watched ten times a second, not kept by the kernel: no cgroup may be made.
    """

    kind: Kind
    landlock_version: int = 0
    cgroup: bool = False
    why_not_stronger: tuple[str, ...] = ()

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that are in use."""
        landlock = (f"Landlock (version {self.landlock_version})",) if self.landlock_version else ()
        most = {
            Kind.NAMESPACES: ("namespaces", *landlock, "system call filter"),
            Kind.LANDLOCK: (*landlock, "system call filter"),
            Kind.NONE: (),
        }[self.kind]
        return (*most, "resource limits", *(["cgroup"] if self.cgroup else []))

    def not_kept(self) -> list[str]:
        """One sentence for each promise that does not hold."""
        sentences = []
        if self.kind is Kind.NONE:
            sentences += [
                "NOT SEALED: a submission can read, change and delete whatever you can, and use the network.",
                "It can read tests, solutions, other submissions and the gradebook, and leave processes behind.",
                "Total disk use is not limited.",
            ]
        if self.kind is Kind.LANDLOCK:
            sentences += [
                "Total disk use is not limited, only the size of each file.",
                "Names, sizes and dates of files elsewhere can be asked for one by one; their contents cannot be read.",
                "Processes are counted together with all others of your user.",
            ]
        if self.kind is Kind.NAMESPACES and not self.landlock_version:
            sentences.append("The second wall around files is missing: this kernel has no Landlock.")
        if not self.cgroup:
            sentences.append(
                "Memory of all processes together is watched ten times a second, not kept by the kernel: "
                "no cgroup may be made."
            )
        return sentences

    def told(self) -> str:
        """What to print when grading starts: the layers, the promises that do not hold, and why."""
        lines = [f"Sandbox: {', '.join(self.layers)}."]
        lines += [f"  {sentence}" for sentence in self.not_kept()]
        lines += [f"  Not stronger because {reason}" for reason in self.why_not_stronger]
        return "\n".join(lines)
