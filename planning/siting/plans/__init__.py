"""From an answer to a plan: described, recounted, priced, rolled out."""
