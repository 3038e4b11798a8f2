"""The yardstick: a Flask application that does nothing but redirect."""

from flask import Flask, redirect
from werkzeug.wrappers import Response

app = Flask(__name__)


@app.get("/t/<code>")
def follow(code: str) -> Response:
    """Always the same place."""
    return redirect("https://shop.example/", 302)
