"""A network of collection points with published totals, laid on any province's boundaries.

No public list of points with coordinates exists, so every point here is invented. What is
not invented are the figures it adds up to (`profiles`). All of it is labelled
“Dữ liệu minh họa”; no name, address or code belongs to a real place.
"""
