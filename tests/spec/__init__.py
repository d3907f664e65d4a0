"""The public documentation of the arithmetic: registers drawn as text, with the figures expected for them beside."""
