"""Making geometry trustworthy, and saying what was changed."""
