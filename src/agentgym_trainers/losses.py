"""Losses over the tokens that the agent wrote.

All take tensors of shape (episodes, tokens), in which a mask of 0 and 1 tells which
tokens count. Position ``t`` is about the token at ``t`` given all before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from agentgym_envs.errors import BadOption, MissingExtra

try:
    import torch
    from torch.nn import functional
except ImportError as error:
    raise MissingExtra("trainers", error.name or "") from error

Mean = Literal["token", "episode", "constant"]
CHUNK = 2048  # tokens whose distributions are held at once


def token_logprobs(
    model: Any,
    ids: torch.Tensor,
    attention: torch.Tensor,
    temperature: float = 1.0,
    head: Any = None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
    """The log-probability of each token given those before, and the entropy there.

    Args:
        model: A causal language model.
        ids: Tokens, shape (episodes, tokens), padded anywhere.
        attention: 1 for tokens, 0 for padding.
        temperature: What the logits are divided by, as when tokens were drawn.
        head: A layer that tells a value from the last hidden state.

    Returns:
        Log-probabilities and entropies, in the shape of ``ids``, with 0 in the first
        column; and what the head says after each token, None without a head.
    """
    places = (attention.cumsum(dim=1) - 1).clamp(min=0)
    result = model(
        input_ids=ids,
        attention_mask=attention,
        position_ids=places,
        use_cache=False,
        output_hidden_states=head is not None,
    )
    values = None
    if head is not None:
        values = head(result.hidden_states[-1].float())[..., 0]
    logits = result.logits[:, :-1]
    flat, following = logits.flatten(0, 1), ids[:, 1:].flatten()
    picked, entropies = [], []
    for some, tokens in zip(flat.split(CHUNK), following.split(CHUNK), strict=True):
        logprobs = functional.log_softmax(some.float() / temperature, dim=-1)
        picked.append(logprobs.gather(-1, tokens[:, None])[:, 0])
        entropies.append(-(logprobs.exp() * logprobs).sum(-1))
    shape = (ids.shape[0], ids.shape[1] - 1)
    return (
        functional.pad(torch.cat(picked).view(shape), (1, 0)),
        functional.pad(torch.cat(entropies).view(shape), (1, 0)),
        values,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """How far one update may go from the policy that played.

    Args:
        low: The ratio of probabilities counts down to ``1 - low``.
        high: It counts up to ``1 + high``.
        is_loop: Whether the bound is LOOP's, ``min(w A, g)`` with ``g`` the advantage
            times ``1 + high`` where it is positive, and divided by that elsewhere.
    """

    low: float = 0.2
    high: float = 0.2
    is_loop: bool = False


def clipped(
    logprobs: torch.Tensor, old: torch.Tensor, advantages: torch.Tensor, clip: Clip
) -> torch.Tensor:
    """PPO's clipped objective of each token, as a loss."""
    ratio = (logprobs - old).exp()
    if clip.is_loop:
        most = 1 + clip.high
        bound = torch.where(advantages >= 0, most * advantages, advantages / most)
    else:
        bound = ratio.clamp(1 - clip.low, 1 + clip.high) * advantages
    return -torch.minimum(ratio * advantages, bound)


def divergence(logprobs: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """An estimate of the KL divergence from a reference, at each token.

    The one that has no bias, a low variance and is never negative (J. Schulman,
    "Approximating KL divergence", 2020).
    """
    difference = reference - logprobs
    return difference.exp() - difference - 1


def value_loss(
    values: torch.Tensor, old: torch.Tensor, targets: torch.Tensor, clip: float
) -> torch.Tensor:
    """The squared error of each value, no better for having moved beyond the clip."""
    near = old + (values - old).clamp(-clip, clip)
    return 0.5 * torch.maximum((values - targets) ** 2, (near - targets) ** 2)


def row_weights(masks: torch.Tensor, how: Mean, constant: float = 1.0) -> torch.Tensor:
    """What the sum over an episode's tokens is multiplied by in a batch's loss.

    So that a batch may be worked through in parts, whose losses are added up.

    Args:
        masks: Which tokens count, shape (episodes, tokens).
        how: ``token``: the loss is the mean over all tokens, so that long episodes
            count more; ``episode``: the mean over episodes of the mean over their
            tokens; ``constant``: the mean over episodes of the sum over their tokens,
            divided by a constant.
        constant: The constant, in tokens.

    Raises:
        BadOption: for another way.
    """
    lengths = masks.sum(1).float()
    if how == "token":
        return torch.ones_like(lengths) / lengths.sum().clamp(min=1)
    if how == "episode":
        return 1 / (lengths.clamp(min=1) * len(lengths))
    if how == "constant":
        return torch.ones_like(lengths) / (constant * len(lengths))
    raise BadOption(
        f"there is no mean over {how!r}; there are token, episode, constant"
    )


def preference_loss(
    chosen: torch.Tensor,
    rejected: torch.Tensor,
    reference_chosen: torch.Tensor,
    reference_rejected: torch.Tensor,
    beta: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Direct preference optimisation (Rafailov et al., arXiv 2305.18290).

    Args:
        chosen: The log-probability of each better episode: the sum over the tokens
            that the agent wrote, and over no others.
        rejected: That of each worse episode.
        reference_chosen: The same of the reference.
        reference_rejected: The same of the reference.
        beta: How strongly the policy is held near the reference.

    Returns:
        The loss of each pair, and its margin: positive where the policy tells the
        episodes apart better than the reference did.
    """
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    return -functional.logsigmoid(margin), margin
