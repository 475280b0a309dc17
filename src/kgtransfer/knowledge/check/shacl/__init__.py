"""SHACL validation (W3C SHACL, 2017) by pySHACL, in a process of its own with walls around it."""
