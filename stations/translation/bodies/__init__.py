"""Where the words of a document stand in its file, and how they are replaced: one module for each format."""
