"""What follows from a graph: Datalog rules, those of OWL 2 RL, and their application."""
