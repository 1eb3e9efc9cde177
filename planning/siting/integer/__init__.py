"""Small questions as integer programmes: the best answer proved, and what to change where there is none."""
