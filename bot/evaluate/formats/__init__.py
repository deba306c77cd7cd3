"""The kinds of question file, one file each: `accepts(file)` and `read(file, ...)`, which yields tasks."""
