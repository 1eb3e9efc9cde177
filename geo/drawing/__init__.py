"""Map parts that know shapes and links, not coverage or reviews."""
