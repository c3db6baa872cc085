"""Portfolios of risks for properties that hold for every one of them."""

from hypothesis import strategies as st

from threechairs.models.risks import Risk


@st.composite
def portfolios(draw, most=3):
    """One to `most` risks of either kind."""
    risks = []
    for number in range(draw(st.integers(1, most))):
        low = draw(st.floats(1, 1e6))
        high = low * draw(st.floats(1.2, 1e3))
        frequency = draw(st.sampled_from(["rate_per_year", "probability_per_year"]))
        risks.append(Risk(f"risk {number}", low, high, **{frequency: draw(st.floats(0, 1))}))
    return risks
