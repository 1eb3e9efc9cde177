"""Coverage: who is served by whom, good choices of sites, and bounds on any choice."""
