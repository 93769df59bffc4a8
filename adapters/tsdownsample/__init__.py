"""Points to draw, chosen by tsdownsample."""
