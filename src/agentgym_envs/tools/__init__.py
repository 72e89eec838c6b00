"""What the environments with tools share: Weather, Movie, Academia, Sheet, TODOList.

A family brings a backend, its tools, its items and how they are graded. Calls, their
answers, errors, rewards and the expert's bookkeeping are here. The original is
AgentGym's ``agentenv-tool`` (Xi et al., arXiv 2406.04151), whose tools come from
AgentBoard (Ma et al., arXiv 2401.13178).
"""
