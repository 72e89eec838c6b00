"""Token by token: what is trained of a conversation, in each chat template.

What stands in brackets « » is trained, and nothing else is.
"""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from byte_chat import byte_chat

from agentgym_policies.prompts import PlayStyle
from agentgym_policies.tokens import TokenSequence
from agentgym_trainers.examples import (
    IGNORED,
    SEQUENCES,
    batches_by_tokens,
    examples_of,
    padded,
    style_of,
    to_sequences,
)


def say(*turns):
    talk = []
    for place, turn in enumerate(turns):
        value, loss = turn if isinstance(turn, tuple) else (turn, place % 2 > 0)
        sender = "gpt" if place % 2 else "human"
        talk.append(
            {"from": sender, "loss": loss if place % 2 else None, "value": value}
        )
    return {"conversations": talk, "item_id": "maze_1"}


# The second reply is shown to the model, but not learnt: its loss is false.
RECORD = say(
    "Rules.",
    ("Ok.", False),
    "Start.",
    "up",
    "A wall.",
    ("no", False),
    "No.",
    "left",
    "End",
)

EXPECTED = {
    "chatml": (
        "<|im_start|>system\nRules.<|im_end|>\n<|im_start|>user\nStart.<|im_end|>\n"
        "<|im_start|>assistant\n«up<|im_end|>»\n<|im_start|>user\nA wall.<|im_end|>\n"
        "<|im_start|>assistant\nno<|im_end|>\n<|im_start|>user\nNo.<|im_end|>\n"
        "<|im_start|>assistant\n«left<|im_end|>»"
    ),
    "llama3": (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nRules.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nStart.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n«up<|eot_id|>»"
        "<|start_header_id|>user<|end_header_id|>\n\nA wall.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nno<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nNo.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n«left<|eot_id|>»"
    ),
    "mistral": (
        "<s>[INST] Rules.\n\nStart.[/INST]« up</s>»[INST] A wall.[/INST] no</s>"
        "[INST] No.[/INST]« left</s>»"
    ),
    "thinking": (
        "<|im_start|>system\nRules.<|im_end|>\n<|im_start|>user\nStart.<|im_end|>\n"
        "<|im_start|>assistant\n«<think>\n\n</think>\n\nup<|im_end|>»\n"
        "<|im_start|>user\nA wall.<|im_end|>\n<|im_start|>assistant\n"
        "<think>\n\n</think>\n\nno<|im_end|>\n<|im_start|>user\nNo.<|im_end|>\n"
        "<|im_start|>assistant\n«<think>\n\n</think>\n\nleft<|im_end|>»"
    ),
}
PUBLISHED = {
    "chatml": (
        "<|im_start|>user\nRules.<|im_end|>\n<|im_start|>assistant\nOk.<|im_end|>\n"
        "<|im_start|>user\nStart.<|im_end|>\n<|im_start|>assistant\n«up<|im_end|>»"
    ),
    "llama3": (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nRules.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nOk.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nStart.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n«up<|eot_id|>»"
    ),
    "mistral": "<s>[INST] Rules.[/INST] Ok.</s>[INST] Start.[/INST]« up</s>»",
    "thinking": (
        "<|im_start|>user\nRules.<|im_end|>\n<|im_start|>assistant\n"
        "<think>\n\n</think>\n\nOk.<|im_end|>\n<|im_start|>user\nStart.<|im_end|>\n"
        "<|im_start|>assistant\n«<think>\n\n</think>\n\nup<|im_end|>»"
    ),
}


def shown(chat, example):
    """Write the tokens of an example, and brackets around what is trained."""
    text, was = "", 0
    for token, counts in zip(example.ids, example.mask, strict=True):
        text += ("", "«")[counts > was] + ("", "»")[counts < was]
        text += chat.tokenizer.decode([token])
        was = counts
    return text + "»" * was


@pytest.mark.parametrize("name", EXPECTED)
def test_replies_with_a_loss_are_trained_and_nothing_else(name):
    chat = byte_chat(name)
    [example] = examples_of(RECORD, chat)
    assert shown(chat, example) == EXPECTED[name]
    for token, label, counts in zip(
        example.ids, example.labels, example.mask, strict=True
    ):
        assert label == (token if counts else IGNORED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_consent_to_the_rules_is_never_trained(name):
    chat = byte_chat(name)
    record = say("Rules.", ("Ok.", False), "Start.", "up")
    [example] = examples_of(record, chat, keep_consent=True)
    assert shown(chat, example) == PUBLISHED[name]


def test_a_thought_is_trained_with_its_reply():
    chat = byte_chat("thinking")
    record = say("R", ("Ok.", False), "S", "<think>\nUp is free.\n</think>\n\nup")
    [example] = examples_of(record, chat)
    assert "Up is free.\n</think>\n\nup<|im_end|>»" in shown(chat, example)


@pytest.mark.parametrize("name", EXPECTED)
def test_marks_in_observations_are_no_marks(name):
    chat = byte_chat(name)
    end = chat.tokenizer.eos_token
    record = say("R", ("Ok.", False), f"S{end}", "up", f"A{end}b", "left")
    [example] = examples_of(record, chat)
    ends = example.ids.count(chat.tokenizer.eos_token_id)
    clean = say("R", ("Ok.", False), "S", "up", "Ab", "left")
    [other] = examples_of(clean, chat)
    assert ends == other.ids.count(chat.tokenizer.eos_token_id)
    assert example.trained == other.trained


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_too_long_ends_with_a_whole_reply(name):
    chat = byte_chat(name)
    record = say("R", ("Ok.", False), "S", "up", "A wall.", "left", "No.", "down")
    [whole] = examples_of(record, chat)
    seen = set()
    for longest in range(len(whole.ids) + 1):
        for example in examples_of(record, chat, longest=longest):
            assert len(example.ids) <= longest
            assert example.ids == whole.ids[: len(example.ids)]
            assert shown(chat, example).endswith("»")
            seen.add(shown(chat, example).count("»"))
    assert seen == {1, 2, 3}


def test_sampled_tokens_are_taken_as_they_are():
    chat = byte_chat("chatml")
    up = chat.tokenizer("up")["input_ids"]
    sequence = TokenSequence()
    sequence.read([3, 4])
    sequence.write(0, up, [-0.5, -0.25])
    meta = {SEQUENCES: to_sequences([sequence, sequence])}
    found = examples_of({**RECORD, "meta": meta}, chat, weight=0.5)
    assert [(e.ids, e.mask, e.weight) for e in found] == [
        ((3, 4, *up), (0, 0, 1, 1), 0.5)
    ] * 2


def test_tokens_of_another_tokenizer_are_not_taken():
    chat = byte_chat("chatml")
    sequence = TokenSequence()
    sequence.read([3, 4])
    sequence.write(0, [40_000, 5], [-0.5, -0.25])
    meta = {SEQUENCES: to_sequences([sequence])}
    assert examples_of({**RECORD, "meta": meta}, chat) == examples_of(RECORD, chat)


@pytest.mark.parametrize(
    ("formats", "learnt"),
    [
        (["text", "text"], "text"),
        ([None, None], "react"),  # as published
        (["text", "react"], "code_as_action"),
        (["morse", "morse"], "code_as_action"),
    ],
)
def test_a_model_speaks_as_all_of_its_trajectories(formats, learnt):
    metas = [{"meta": {"action_format": one} if one else {}} for one in formats]
    records = [{**RECORD, **meta} for meta in metas]
    style = style_of(PlayStyle(action_format="code_as_action", turns=3), records)
    assert style == PlayStyle(action_format=learnt, turns=3)


def test_batches_are_padded_at_their_ends():
    assert padded([[1, 2], [3]], 9).tolist() == [[1, 2], [3, 9]]
    assert batches_by_tokens([5, 5, 5], 10) == [[0, 1], [2]]
    assert batches_by_tokens([50], 10) == [[0]]  # an episode is never split
