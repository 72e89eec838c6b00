"""Policies that play text environments, and their measurement."""
