"""SHACL validation (W3C SHACL, 2017) by pySHACL, in a sandboxed process of its own."""
