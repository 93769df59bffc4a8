"""Every sentence, label and number format that a person reads: the only English of the domain."""
