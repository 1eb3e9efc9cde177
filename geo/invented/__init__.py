"""A province that does not exist, for showing the system and for testing it.

Everything here is made up and deterministic: the same seed gives the same coast, rivers,
people and communes. The province lies in the open sea, so nobody can mistake it for a
real place. `province.build_province` is the way in; the other modules are its steps in
order: `landscape` (water, hills, towns), `people` (who lives where), `division` (communes,
districts and the merger of July 2025), `shapes` (cells become borders) and `names`.

Lengths are kilometres east and north of the middle of the province until `shapes` turns
them into degrees.
"""
