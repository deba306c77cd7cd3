"""Search: words and meaning, fused, over sentences and passages."""
