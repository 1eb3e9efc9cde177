"""The shortest mean and the shortest worst distance."""
