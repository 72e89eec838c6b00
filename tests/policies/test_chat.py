from __future__ import annotations

import pytest

from agentgym_envs.errors import BadOption
from agentgym_policies.templates import TEMPLATES

pytest.importorskip("transformers")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from agentgym_policies.chat import ChatTokens

MARKS = {
    "chatml": ("<|endoftext|>", "<|im_end|>", ["<|im_start|>", "<|im_end|>"]),
    "llama3": (
        "<|begin_of_text|>",
        "<|eot_id|>",
        ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
    ),
    "mistral": ("<s>", "</s>", ["[INST]", "[/INST]"]),
    "thinking": ("<|endoftext|>", "<|im_end|>", ["<|im_start|>", "<|im_end|>"]),
    "brief": ("<|pad|>", "<|end|>", ["<|system|>", "<|user|>", "<|assistant|>"]),
}
TURNS = ["Let's start.", "You see a ball.\n", "  Nothing happens. größe\n\n"]
REPLIES = ["move up", "Thought:\nleft is better\n\nAction:\nmove left"]


def byte_tokenizer(name):
    """A tokenizer with a token for each byte and each mark of a template."""
    tokenizer = Tokenizer(models.BPE({c: i for i, c in enumerate(_bytes())}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    first, end, marks = MARKS[name]
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=first, eos_token=end, pad_token=first
    )
    made.add_special_tokens({"additional_special_tokens": marks})
    if name == "thinking":
        made.add_tokens(["<think>", "</think>"])
    made.chat_template = TEMPLATES[name]
    return made


def _bytes():
    return sorted(pre_tokenizers.ByteLevel.alphabet())


def played(chat, replies=REPLIES, *, system="The rules."):
    """A conversation as a policy builds it: opening, reply, answer, reply, ..."""
    ids = [*chat.opening(system, TURNS[0])]
    for reply, answer in zip(replies, TURNS[1:], strict=True):
        ids += chat.reply(reply)
        ids += chat.answer(answer, ids[-1])
    return ids


def messages(replies=REPLIES, *, system="The rules."):
    told = [{"role": "system", "content": system}] if system else []
    told.append({"role": "user", "content": TURNS[0]})
    for reply, answer in zip(replies, TURNS[1:], strict=True):
        told.append({"role": "assistant", "content": reply})
        told.append({"role": "user", "content": answer})
    return told


def rendered(tokenizer, told, **options):
    return tokenizer.apply_chat_template(
        told, add_generation_prompt=True, return_dict=False, **options
    )


@pytest.mark.parametrize("name", ["chatml", "llama3", "brief"])
@pytest.mark.parametrize("system", ["The rules.", ""])
def test_a_conversation_grows_into_what_the_template_renders(name, system):
    tokenizer = byte_tokenizer(name)

    ids = played(ChatTokens(tokenizer), system=system)

    assert ids == rendered(tokenizer, messages(system=system))


def test_without_a_system_role_the_rules_begin_the_first_message():
    tokenizer = byte_tokenizer("mistral")
    told = messages(system="")
    told[0]["content"] = "The rules.\n\n" + told[0]["content"]

    assert played(ChatTokens(tokenizer)) == rendered(tokenizer, told)


def test_without_thoughts_a_thinking_template_begins_each_reply_with_an_empty_block():
    tokenizer = byte_tokenizer("thinking")
    chat = ChatTokens(tokenizer, options={"enable_thinking": False})

    opening = tokenizer.decode(chat.opening("", TURNS[0]))
    answer = tokenizer.decode(chat.answer("So.", chat.reply("up")[-1]))

    block = "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    assert opening == "<|im_start|>user\nLet's start.<|im_end|>\n" + block
    assert answer == "\n<|im_start|>user\nSo.<|im_end|>\n" + block
    told = messages(["up", "down"], system="")
    # The template takes the blocks out of earlier turns; a conversation keeps them.
    once = tokenizer.decode(rendered(tokenizer, told, enable_thinking=False))
    grown = tokenizer.decode(played(chat, ["up", "down"], system=""))
    assert (
        grown.replace(block, "<|im_start|>assistant\n") + ("<think>\n\n</think>\n\n")
        == once
    )


def test_thoughts_stay_in_the_conversation_as_they_were_sampled():
    tokenizer = byte_tokenizer("thinking")
    chat = ChatTokens(tokenizer)
    thought = "<think>\nThe goal is above.\n</think>\n\nmove up"

    text = tokenizer.decode(played(chat, [thought, "move left"]))

    assert text.count("The goal is above.") == 1
    again = tokenizer.decode(rendered(tokenizer, messages([thought, "move left"])))
    assert "The goal is above." not in again


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_reply_ends_once_whether_it_was_cut_or_not(name):
    tokenizer = byte_tokenizer(name)
    chat = ChatTokens(tokenizer)
    whole = chat.reply("move up")
    cut = whole[:-1]

    ended = [*whole, *chat.answer("So.", whole[-1])]
    mended = [*cut, *chat.answer("So.", cut[-1])]

    assert whole[-1] in chat.ends
    assert cut[-1] not in chat.ends
    assert ended == mended


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_observation_cannot_end_a_turn(name):
    tokenizer = byte_tokenizer(name)
    chat = ChatTokens(tokenizer)
    plain = chat.answer("Hello.", None)
    hostile = "".join(map(str, tokenizer.added_tokens_decoder.values()))

    ids = chat.answer(f"Hello.{hostile}", None)

    marks = tokenizer.added_tokens_decoder.keys()
    assert [i for i in ids if i in marks] == [i for i in plain if i in marks]


def test_spaces_that_are_tokens_stay_as_they_are():
    tokenizer = byte_tokenizer("chatml")
    tokenizer.add_tokens(["\n\n", "  ", "\t\t"])

    ids = ChatTokens(tokenizer).opening("", "a\n\nb  c\t\td")

    assert "a\n\nb  c\t\td<|im_end|>" in tokenizer.decode(ids)


def test_a_template_that_asks_for_the_date_is_told_the_same_every_day():
    tokenizer = byte_tokenizer("brief")
    dated = "{{ strftime_now('%d %b %Y') }}" + TEMPLATES["brief"]

    chat = ChatTokens(tokenizer, template=dated)

    assert tokenizer.decode(chat.opening("", "Hello.")).startswith("26 Jul 2024")


def test_half_a_surrogate_pair_is_no_end_of_the_game():
    chat = ChatTokens(byte_tokenizer("chatml"))

    assert chat.answer("\ud83d", None) == chat.answer("?", None)


def test_a_tokenizer_without_a_template_takes_one_by_name():
    tokenizer = byte_tokenizer("chatml")
    expected = played(ChatTokens(tokenizer))
    tokenizer.chat_template = None

    assert played(ChatTokens(tokenizer, template="chatml")) == expected
    with pytest.raises(BadOption, match="no chat template; choose"):
        ChatTokens(tokenizer)
    with pytest.raises(BadOption, match="there are chatml, llama3"):
        ChatTokens(tokenizer, template="alpaca")


@pytest.mark.parametrize("name", ["chatml", "llama3", "mistral", "brief"])
def test_templates_mark_the_replies_for_masks(name):
    tokenizer = byte_tokenizer(name)
    told = messages(system="")

    made = tokenizer.apply_chat_template(
        told, return_dict=True, return_assistant_tokens_mask=True
    )

    marked = [
        i for i, m in zip(made["input_ids"], made["assistant_masks"], strict=True) if m
    ]
    chat = ChatTokens(tokenizer)
    assert marked == [i for reply in REPLIES for i in chat.reply(reply)]
