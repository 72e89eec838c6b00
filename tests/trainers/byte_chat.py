"""Tokenizers with a token for each byte and each mark of a chat template."""

from __future__ import annotations

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from agentgym_policies.chat import ChatTokens
from agentgym_policies.templates import TEMPLATES

MARKS = {
    "chatml": ("<|endoftext|>", "<|im_end|>", ["<|im_start|>", "<|im_end|>"]),
    "llama3": (
        "<|begin_of_text|>",
        "<|eot_id|>",
        ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
    ),
    "mistral": ("<s>", "</s>", ["[INST]", "[/INST]"]),
    "thinking": ("<|endoftext|>", "<|im_end|>", ["<|im_start|>", "<|im_end|>"]),
}


def byte_chat(name: str) -> ChatTokens:
    """The tokens of conversations in this template, one per byte."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({c: i for i, c in enumerate(letters)}, merges=[]))
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
    return ChatTokens(made)
