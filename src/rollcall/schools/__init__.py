"""The standing facts: schools, years, closures, classes, pupils, contacts, policy versions."""
