"""``infrastructure/verify-compose``: the compose file brought up, used, hurt and taken down."""
