"""The Streamlit admin pages; they reach core over HTTP only."""
