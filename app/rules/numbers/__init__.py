"""Rules of numbers: as people type them, and as the cell of a workbook shows them."""
