"""Reading files other people made: raw cells in, checked tables and findings out.

Every reader looks at the whole file before it answers, reports everything it saw, and
keeps nothing itself.
"""
