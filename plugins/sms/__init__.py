"""The channel `sms`: text messages out, receipts and replies back."""
