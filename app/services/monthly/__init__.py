"""Reports that go out by mail each month."""
