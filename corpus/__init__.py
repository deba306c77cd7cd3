"""Text in: sources become pages with one canonical text, sentences and passages."""
