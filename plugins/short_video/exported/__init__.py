"""Files that an operator exports at a platform: figures of videos, orders of Douyin's shop."""
