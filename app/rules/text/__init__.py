"""Rules of texts that people write or paste: how long, in which signs, in which language, and which words to search by."""
