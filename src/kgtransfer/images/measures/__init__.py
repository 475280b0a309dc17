"""Measures that fit any image: one function each, by the IRIs of `ontology/image_measures.ttl`."""
