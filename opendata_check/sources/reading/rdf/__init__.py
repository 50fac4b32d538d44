"""From the bytes of an RDF document to nodes: RDF/XML, Turtle and its kin, JSON-LD; streamed where it can be."""
