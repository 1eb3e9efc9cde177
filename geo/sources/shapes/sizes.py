"""How large a boundary file may be beside what `geo.limits` says; beyond it is refused."""

MOST_FEATURES = 50_000
MOST_DEPTH = 10  # of collections within collections
MOST_MEMBERS = 50  # of an archive
MOST_TIMES = 200  # that a member of an archive may grow
LARGEST_XML = 100_000_000
LARGEST_CRS = 20_000  # characters that describe a coordinate system
