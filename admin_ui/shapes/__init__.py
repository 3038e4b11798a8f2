"""The answers of the API, as far as pages read them."""
