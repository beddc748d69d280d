"""How well articles are read and what it costs, against peers and against floors."""
