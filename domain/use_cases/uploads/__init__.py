"""Use cases of uploads: preview, upload, direct upload, samples."""
