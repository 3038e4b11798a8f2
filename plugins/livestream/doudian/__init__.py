"""Douyin's shop (抖店): exports of orders and sessions."""
