"""What we decide about the country: standards, coverage, gaps, new sites, reviews.

Imports go down only: `cli` and `web` stand on `services`, these on `store`, `exports` and
`maps`, these on `analysis` and `siting`, and all of them on `model`. Contracts in
`pyproject.toml` hold the order.
"""
