"""A model small enough to learn on two processor cores, from nothing.

It has no weights from elsewhere: a decoder made from a config, and a tokenizer that is
trained on the texts of the environments it will play. It is saved as any model of
Hugging Face's, so everything that takes one takes it too.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gymnasium

from agentgym_envs.errors import BadOption, MissingExtra
from agentgym_policies.prompts import TEXT, PlayStyle
from agentgym_policies.rollout import Episode, make_job, rollout
from agentgym_policies.templates import template_of

try:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
except ImportError as error:
    raise MissingExtra("policies", error.name or "") from error

PAD, END = "<|pad|>", "<|end|>"
MARKS = (PAD, END, "<|system|>", "<|user|>", "<|assistant|>")
HEAD_WIDTH = 32
WIDEN = 4  # how much wider the layers inside are
BARE = PlayStyle(action_format=TEXT, system="")


def game_texts(
    env_ids: Sequence[str], *, items: int = 50, seed: int = 0, **kwargs: Any
) -> Iterator[str]:
    """Give what environments say and their experts answer, to train a tokenizer on.

    Args:
        env_ids: The environments.
        items: How many items of the training split are played of each.
        seed: For what an environment draws.
        kwargs: Keywords of the environments.
    """
    for env_id in env_ids:
        for episode in _played(env_id, items, seed, kwargs):
            if episode.history is None:
                raise BadOption(f"{env_id} cannot be played: {episode.error}")
            yield from episode.history.observations
            yield from (action.text for action in episode.history.actions)


def _played(
    env_id: str, items: int, seed: int, kwargs: dict[str, Any]
) -> Iterator[Episode]:
    from agentgym_policies.expert import ExpertPolicy

    env = gymnasium.make(env_id, **kwargs)
    tasks = env.unwrapped.tasks  # type: ignore[attr-defined]  # an AgentEnv
    names = [tasks[place].id for place in range(min(items, len(tasks)))]
    env.close()
    jobs = [make_job(seed, env_id, name, 0) for name in names]
    return rollout(ExpertPolicy(), lambda: gymnasium.make(env_id, **kwargs), jobs)


def build_tokenizer(
    texts: Iterable[str], *, vocab_size: int = 2048, template: str = "brief"
) -> Any:
    """Train a tokenizer whose tokens are the words of some texts.

    It is a byte-level BPE: with as many tokens as there are frequent words, each of
    these becomes one token, and everything else can be written all the same.

    Args:
        texts: What it is trained on.
        vocab_size: The most tokens, of which 256 are the bytes; 300 or so spells all.
        template: A chat template, or the name of one whose marks are `MARKS`.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=list(MARKS),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        padding_side="left",
        clean_up_tokenization_spaces=False,
        additional_special_tokens=list(MARKS[2:]),
    )
    made.chat_template = template_of(template)
    return made


def build_model(
    tokenizer: Any,
    *,
    width: int = 128,
    layers: int = 5,
    context: int = 4096,
    initializer_range: float = 0.02,
    seed: int = 0,
) -> Any:
    """Make a decoder of Llama's architecture with weights drawn from a seed.

    With 2,048 tokens the defaults give 1.5 million parameters, a width of 224 and six
    layers give 5 million.

    Args:
        tokenizer: The tokenizer that it will read with.
        width: Of the embeddings, a multiple of 64.
        layers: How many there are.
        context: The most tokens of a conversation.
        initializer_range: The standard deviation of the weights. The default is that
            of large models; narrow ones learn faster from about ``width ** -0.5``.
        seed: Of the weights.
    """
    heads, rest = divmod(width, HEAD_WIDTH)
    if rest or heads % 2:
        raise BadOption(f"width must be a multiple of {2 * HEAD_WIDTH}, not {width}")
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=WIDEN * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads // 2,
        head_dim=HEAD_WIDTH,
        max_position_embeddings=context,
        initializer_range=initializer_range,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="float32",
    )
    # The weights are drawn from the global generator, which stays as it was.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(config)


def save_model(
    folder: str | Path, model: Any, tokenizer: Any, *, style: PlayStyle = BARE
) -> Path:
    """Write model, tokenizer and style; the folder is there whole, or as before."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        model.save_pretrained(draft)
        tokenizer.save_pretrained(draft)
        style.save(draft)
        draft.chmod(0o755)
        if folder.exists():
            old = draft.with_name(draft.name + ".old")
            folder.rename(old)
            draft.rename(folder)
            shutil.rmtree(old)
        else:
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def build_tiny_model(
    folder: str | Path,
    env_ids: Sequence[str],
    *,
    items: int = 50,
    vocab_size: int = 2048,
    width: int = 128,
    layers: int = 5,
    context: int = 4096,
    seed: int = 0,
    style: PlayStyle = BARE,
    **kwargs: Any,
) -> Path:
    """Make an untrained model for some environments, ready for ``--policy hf:FOLDER``.

    Args:
        folder: Where it is saved.
        env_ids: What it will play; their texts train the tokenizer.
        items: How many items of each are read for that.
        vocab_size: See `build_tokenizer`.
        width: See `build_model`.
        layers: See `build_model`.
        context: See `build_model`.
        seed: Of the weights and of the episodes that are read.
        style: How it is talked to; by default with bare actions and no rules.
        kwargs: Keywords of the environments.
    """
    texts = game_texts(env_ids, items=items, seed=seed, **kwargs)
    tokenizer = build_tokenizer(texts, vocab_size=vocab_size)
    model = build_model(
        tokenizer, width=width, layers=layers, context=context, seed=seed
    )
    return save_model(folder, model, tokenizer, style=style)
