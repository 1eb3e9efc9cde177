"""Choosing where points should be: a question, an answer with its bound, a checked plan.

`problem`, `rules` and `distances` say what a question is, `solvers` is the one door to every
solver. `covering` answers who is served, `distance` how far people go, `integer` finishes
what is small and says what to change where nothing is possible; `compiled` holds their inner
loops. `stating` leads from a planner's words to a question, `plans` from the answer to a
plan that was recounted. `instances` reads published questions.
"""
