"""Halden Quay Group as one learner sees it: seeded tables, one variant per learner and attempt."""

from threechairs.company.case import Case, build_case, build_firm

__all__ = ["Case", "build_case", "build_firm"]
