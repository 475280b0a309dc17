"""Networks over subgraphs and graphs, and how they are trained."""
