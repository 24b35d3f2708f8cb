"""CityReady: prepare a city for What Works Cities Certification, independently of the program.

The folders are layers (web > services > store and adapters > rules > settings); a file name is a noun and stands in every layer.
"""

VERSION = "0.1.0"
