"""The embedded databases: domains as data, and what makes rows and questions of them.

`model` says what a domain is, `making` fills its tables, `questions` asks about them.
The other modules hold the domains.
"""
