"""Use cases: one function = one thing a person asks for = one transaction = one audit event."""
