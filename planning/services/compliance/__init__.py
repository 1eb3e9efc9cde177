"""The rules of a province: what breaks them and since when, how many over time, and changing them."""
