"""Are real files read right without hints? Scored file by file against what is known to be right."""
