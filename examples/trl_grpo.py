"""Train a language model on two families with TRL's GRPO.

    python examples/trl_grpo.py --model Qwen/Qwen3-0.6B --steps 200
    python examples/trl_grpo.py --model Qwen/Qwen3-0.6B --tools

The first way plays whole episodes with the model and tells TRL the tokens; the second
gives the model the environments' functions as tools. `--model` is a name or a folder.
"""

import argparse

import torch
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from agentgym_trainers.trl_rollout import make_trl_rollout
from agentgym_wrappers import make_trl_environment, tool_rows

FAMILIES = ("Maze", "Wordle")


def rollout_trainer(options: argparse.Namespace, config: GRPOConfig) -> GRPOTrainer:
    rollout = make_trl_rollout(
        [f"agentgym/{family}-v0" for family in FAMILIES],
        action_format=options.action_format,
        max_new_tokens=options.reply,
    )
    return GRPOTrainer(
        options.model,
        rollout.reward,
        args=config,
        train_dataset=Dataset.from_list(rollout.rows(items=options.items)),
        rollout_func=rollout,
    )


def tools_trainer(options: argparse.Namespace, config: GRPOConfig) -> GRPOTrainer:
    environments = {
        family: make_trl_environment(f"agentgym/{family}-v0") for family in FAMILIES
    }
    return GRPOTrainer(
        options.model,
        args=config,
        train_dataset=Dataset.from_list(tool_rows(environments, items=options.items)),
        environment_factory=environments,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True, help="a name or the path of a folder")
    parser.add_argument("--tools", action="store_true", help="functions as tools")
    parser.add_argument("--output", default="trl-grpo", help="where TRL writes")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--items", type=int, default=200, help="of each family")
    parser.add_argument("--batch", type=int, default=32, help="episodes per step")
    parser.add_argument("--group", type=int, default=8, help="episodes per item")
    parser.add_argument("--reply", type=int, default=256, help="tokens of a reply")
    parser.add_argument(
        "--episode", type=int, default=4096, help="tokens of an episode"
    )
    parser.add_argument("--action-format", default="react")
    options = parser.parse_args()
    config = GRPOConfig(
        output_dir=options.output,
        max_steps=options.steps,
        per_device_train_batch_size=options.batch,
        num_generations=options.group,
        max_completion_length=options.episode,
        logging_steps=1,
        report_to="none",
        bf16=torch.cuda.is_available(),
        use_cpu=not torch.cuda.is_available(),
    )
    trainer = (tools_trainer if options.tools else rollout_trainer)(options, config)
    trainer.train()
    rewards = [
        entry["reward"] for entry in trainer.state.log_history if "reward" in entry
    ]
    print(f"{len(rewards)} steps; reward {rewards[0]:.2f}, then {rewards[-1]:.2f}")


if __name__ == "__main__":
    main()
