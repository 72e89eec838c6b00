"""The embedded web sites, each a set of views over a small database."""
