"""WeCom: live codes of one card each, and who came by them."""
