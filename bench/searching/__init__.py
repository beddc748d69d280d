"""How fast the reading room is over large archives, and how good its search is."""
