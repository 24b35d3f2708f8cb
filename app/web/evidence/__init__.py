"""Adding, showing and changing evidence, the library, and the way of files in and out."""
