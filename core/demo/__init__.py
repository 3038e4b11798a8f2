"""The demo: an agency with two brands and a real past of ninety days, made by the real paths."""
