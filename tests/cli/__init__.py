"""The program ``countersign`` as a person at a terminal meets it."""
