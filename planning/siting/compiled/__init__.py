"""Inner loops compiled to machine code, each with a plain twin in the tests.

Serial and without reordering of sums, so that every machine gets the same numbers. Compiled
once, at set-up (`python -m planning.siting.compiled`), and kept beside the code.
"""
