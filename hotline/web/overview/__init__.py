"""The figures, each opening its tickets."""
