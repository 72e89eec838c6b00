"""WebArena: web sites for agents, in a real browser or computed without one."""

HORIZON = 25  # actions, as AgentGym's training script allows
CATEGORIES = ("InformationSeeking", "SiteNavigation", "ContentAndConfig")
