"""How fast and how good, measured on this machine, each beside a peer or a bound."""
