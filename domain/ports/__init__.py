"""What the domain asks of the world, one module per subject. Adapters inherit these ports and are named by technology.

Everything here is asked in the domain's words. An adapter raises only errors of ``domain.errors``: it translates its
driver's errors into ``UnavailableError`` (or the refusal they mean), ``raise ... from error``.
"""
