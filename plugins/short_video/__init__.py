"""The channel `short_video`: videos and notes on other people's platforms, their figures and the leads they bring."""
