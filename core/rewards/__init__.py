"""What a redeemed card earns: money or a coupon, once, within what the brand allows. See docs/rewards.md."""
