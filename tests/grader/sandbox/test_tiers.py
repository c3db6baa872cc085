"""What is printed at start says which layers stand and which promises do not hold."""

import pytest

from threechairs.grader.sandbox import Kind, Tier


def test_the_strongest_tier_has_nothing_to_admit():
    """With every layer and cgroups the sentence is one line."""
    told = Tier(Kind.NAMESPACES, landlock_version=7, cgroup=True).told()

    assert told == "Sandbox: namespaces, Landlock (version 7), system call filter, resource limits, cgroup."


@pytest.mark.parametrize(
    ("tier", "sentences"),
    [
        (Tier(Kind.NAMESPACES, cgroup=True), ["no Landlock"]),
        (Tier(Kind.NAMESPACES, landlock_version=7), ["watched ten times a second"]),
        (Tier(Kind.LANDLOCK, landlock_version=7, cgroup=True), ["Total disk use", "asked for one by one", "together"]),
        (Tier(Kind.NONE, cgroup=True), ["NOT SEALED", "gradebook", "Total disk use"]),
    ],
)
def test_each_missing_layer_is_told(tier, sentences):
    """One sentence for each promise that does not hold, and no more."""
    told = tier.not_kept()

    assert len(told) == len(sentences)
    for sentence, part in zip(told, sentences, strict=True):
        assert part in sentence


def test_reasons_for_a_weaker_tier_are_told():
    """Who wants more reads what is in the way."""
    tier = Tier(Kind.LANDLOCK, 7, why_not_stronger=("bubblewrap is not installed. Install it.",))

    assert "  Not stronger because bubblewrap is not installed. Install it." in tier.told().splitlines()
