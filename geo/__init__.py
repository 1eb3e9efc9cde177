"""What the country looks like: places, people, how far apart they are, and how to draw them.

This package has never heard of coverage standards, proposals, users, Flask or SQL;
`planning` decides about the country and imports this package, never the other way.
"""
