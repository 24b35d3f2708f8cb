"""`python -m app`: the command line."""

import signal

ctrl_c = signal.getsignal(signal.SIGINT)  # ignored where a shell started this in the background
if ctrl_c is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback through what is only being loaded

from app.cli import main  # noqa: E402 (after the lines above)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, ctrl_c)
    main()
