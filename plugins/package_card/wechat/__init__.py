"""WeChat Pay's transfers to people, and WeChat's sign-in that says to whom."""
