"""From a planner's words and a province's data to a siting problem."""
