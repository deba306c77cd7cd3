"""Answers and people: from a question to one proven `Answer`, and the faces that show it."""
