"""The budgets of speed, each measured beside its anchor in one run: `./run bench`.

Ratios are what counts, because absolute times say more about the machine than about the app. The load comes from `wrk`, a
Debian package (and a brew formula) of that name, which `./run bench` installs.
"""
