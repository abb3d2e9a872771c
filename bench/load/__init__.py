"""A crowd on loopback: a room that votes and watches, then editors on one plan."""
