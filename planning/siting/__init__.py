"""Choosing where to add points: tables and distances in, a plan with its proof out.

`problem` states the question, `coverage` and `clusters` answer it by two methods on the
same candidates, `relaxation` says how good any answer can be, and `check` recounts the
answer with code that shares nothing with them.
"""
