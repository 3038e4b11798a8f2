"""At the counter: the page of a shared code, check-ins and their gifts, clerks' own pages, and who sold what."""
