"""How catalogues are read: tolerant values, the files of a folder, and one module per form of metadata."""
