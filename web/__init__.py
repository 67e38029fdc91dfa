"""The pages' templates, static files and translations, installed as the package ``kgsearch.web``; it holds no code."""
