"""What `make bench` measures: pages at a school's size on both databases, and figures at the country's."""
