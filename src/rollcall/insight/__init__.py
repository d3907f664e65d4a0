"""Looking: a pupil's, class's and school's pages."""
