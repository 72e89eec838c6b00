"""Servers that offer text environments to other processes."""
