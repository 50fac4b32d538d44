"""From the nodes of a DCAT graph to datasets, whatever the syntax: words, dates, files, services, pages."""
