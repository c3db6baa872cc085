"""Scenarios: branching stories, played from three chairs and judged by rules."""
