"""WebArena: web sites for agents, in a real browser or computed without one."""
