"""Rules of the history: its sentences, the states of rows, and the anchors that outlive it."""
