"""Settings of a run -> the sources that ground its images.

A further source is one module here, with what `SourceModule` says, and one line in `table.SOURCES`.
"""
