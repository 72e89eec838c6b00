"""Trainers for agents in text environments."""
