from __future__ import annotations

import pytest

from agentgym_policies.thoughts import split_thought


@pytest.mark.parametrize(
    ("text", "thought", "said"),
    [
        ("move up", "", "move up"),
        ("<think>\nhm\n</think>\n\nmove up\n", "hm", "move up"),
        ("hm\n</think>\nmove up", "hm", "move up"),
        ("<think>\n\n</think>\nmove up", "", "move up"),
        ("<think>still", "still", ""),
    ],
)
def test_thoughts_are_no_part_of_the_action(text, thought, said):
    assert split_thought(text) == (thought, said)
