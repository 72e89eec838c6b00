"""Play one episode: look, act, until it ends."""

import gymnasium

import agentgym_envs  # noqa: F401  # registers the ids

env = gymnasium.make("agentgym/Maze-v0", split="test")
text, info = env.reset(seed=0, options={"item": 2000})
print(env.unwrapped.instructions, text, sep="\n\n")
over = False
while not over:
    action = env.unwrapped.expert_action()  # put your agent here
    text, reward, terminated, truncated, info = env.step(action)
    print(f"> {action}\n{text}")
    over = terminated or truncated
print(info["end_reason"], "with a score of", info["score"])
