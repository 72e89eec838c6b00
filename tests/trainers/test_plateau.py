"""When cloning has come to its end."""

from __future__ import annotations

from agentgym_trainers.plateau import Check, has_levelled


def checks(*means: float) -> list[Check]:
    # Noise: sqrt(0.25 / 100) = 5 points at 50 %.
    return [Check((mean,), (100,)) for mean in means]


def test_the_noise_is_that_of_the_average() -> None:
    assert checks(0.5)[0].noise == 0.05
    both = Check((0.5, 0.5), (100, 100))
    assert (both.mean, round(both.noise, 6)) == (0.5, round(0.05 / 2**0.5, 6))


def test_two_checks_in_a_row_have_to_be_within_noise() -> None:
    assert not has_levelled([])
    assert not has_levelled(checks(0.5, 0.5))
    assert has_levelled(checks(0.5, 0.5, 0.54))
    assert not has_levelled(checks(0.5, 0.5, 0.56))
    assert not has_levelled(checks(0.3, 0.5, 0.5))
    assert has_levelled(checks(0.3, 0.5, 0.5, 0.5))


def test_a_slow_rise_is_not_noise() -> None:
    assert not has_levelled(checks(0.42, 0.46, 0.5))
