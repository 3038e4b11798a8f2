"""WeChat: the shop's push, its orders, and leads of WeChat Channels."""
