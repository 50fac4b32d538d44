"""How a table is laid out: titles, totals, several tables, colours, and the region where the rows are."""
