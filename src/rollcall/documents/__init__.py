"""PDF pages and SVG pictures: data in, bytes out. Decides nothing, works nothing out."""
