"""ALFWorld: do a chore in a house that is told as text."""
