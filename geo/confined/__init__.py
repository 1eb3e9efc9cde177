"""What runs apart: a program in a process of its own that opens files nobody trusts yet.

Nothing here imports more of the product than itself, so that the process starts in a fifth
of a second; `geo.sources.child` starts it, asks it and ends it.
"""
