"""Play an episode on an OpenEnv server of ours, with OpenEnv's generic client.

    agentgym serve --openenv Maze &
    python examples/openenv_client.py http://127.0.0.1:8000

The actions are an expert's, where a language model's would be.
"""

import argparse

import gymnasium
from openenv import GenericEnvClient

import agentgym_envs  # noqa: F401  # registers the ids


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("--env", default="Maze", help="the family that is served")
    parser.add_argument("--item", type=int, default=3)
    options = parser.parse_args()
    twin = gymnasium.make(f"agentgym/{options.env}-v0").unwrapped  # knows what to do
    twin.reset(options={"item": options.item})
    with GenericEnvClient(base_url=options.url).sync() as client:
        result = client.reset(item=options.item)
        print(result.observation["text"])
        while not result.done:
            action = twin.expert_action()
            twin.step(action)
            result = client.step({"action": action})
            print(f"> {action}\n{result.observation['text']}")
        print("score", result.observation["score"])


if __name__ == "__main__":
    main()
