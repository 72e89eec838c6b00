"""The original WebArena: its tasks, its evaluators, and its replies to the letter.

After Zhou et al. 2023 (arXiv 2307.13854, github.com/web-arena-x/webarena) and
AgentGym's server for it. The tasks are read from a user's file; none are in this
package.
"""
