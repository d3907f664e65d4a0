"""Figures from files of any size: marks as CSV or Parquet in, a row a pupil out.

What a mark means and comes to is in `rules`; here is only reading, sorting and writing. No Django, no clock.
"""
