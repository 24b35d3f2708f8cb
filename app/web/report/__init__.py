"""Reports: asked for, watched, downloaded, checked, and sent each month."""
