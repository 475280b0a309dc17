"""Graphs whose nodes have classes, and which of the nodes are trained and tested on."""
