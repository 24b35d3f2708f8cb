"""What a process that takes in what strangers send cannot do, libraries written in C in it too: three fences, each where the system has it.

NETWORK: a network of its own without a way out (Linux namespaces). FILES: no file but the program's own and those named (Landlock).
CALLS: the kernel refuses sockets, new processes, and looking into others (seccomp). A fence that cannot be set leaves the others.
"""

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

NEW_USER, NEW_NETWORK, NEW_IPC = 0x10000000, 0x40000000, 0x08000000
"""Of unshare(2): the first is what lets a process without rights have the others."""
THREAD = 0x00010000
"""Of clone(2): the new task is a thread of this process."""

PROGRAM = tuple(
    Path(name)
    for name in (
        sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
        "/dev/null", "/dev/urandom",
    )
)  # fmt: skip
"""Where Python, its packages, the system's libraries and the time zones are."""
OURS = Path(__file__).resolve().parents[2]
"""The app itself; not by the settings, which would take half of a small process's start."""

REFUSED_CALLS = (
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill", "pidfd_open",
    "pidfd_getfd", "pidfd_send_signal", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "bpf", "perf_event_open",
    "userfaultfd", "io_uring_setup", "keyctl", "add_key", "request_key", "open_by_handle_at", "init_module", "finit_module", "kexec_load",
)  # fmt: skip


FenceSetter = Callable[[], object]
"""Sets a fence. Raises one of UNAVAILABLE where the system refuses."""
UNAVAILABLE = (ImportError, AttributeError, OSError, RuntimeError)


class Fence(StrEnum):
    NETWORK = "network"
    FILES = "files"
    CALLS = "calls"


@dataclass(frozen=True)
class FileView:
    """The files that a process may read, and the folders that it may write in, beside its program."""

    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()


def confine_process(view: FileView) -> tuple[Fence, ...]:
    """Set every fence that this system has, for good and for this process alone; returns those that hold.

    To be called before anything from outside is looked at, while there is one thread. All are made before the first is set, since
    each keeps out what making another takes.
    """
    setters = {fence: _prepare_fence(make, view) for fence, make in FENCES.items()}
    return tuple(fence for fence, setter in setters.items() if setter and _set_fence(setter))


def probe_fences() -> tuple[Fence, ...]:
    """The fences that hold on this system, tried in a process that ends with it."""
    probe = [sys.executable, "-m", "app.adapters.children.confinement_probe"]
    result = subprocess.run(probe, cwd=OURS.parent, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    return tuple(Fence(name) for name in result.stdout.split())


def _prepare_fence(make: Callable[[FileView], FenceSetter], view: FileView) -> FenceSetter | None:
    try:
        return make(view)
    except UNAVAILABLE:
        return None


def _set_fence(setter: FenceSetter) -> bool:
    try:
        setter()
    except UNAVAILABLE:
        return False
    return True


def _prepare_network_fence(_: FileView) -> FenceSetter:
    unshare = ctypes.CDLL(None, use_errno=True).unshare

    def set_fence() -> None:
        if unshare(NEW_USER | NEW_NETWORK | NEW_IPC):
            raise OSError(ctypes.get_errno(), "unshare")

    return set_fence


def _prepare_files_fence(view: FileView) -> FenceSetter:
    from landlock import FSAccess, Ruleset

    reading, rules = FSAccess.READ_FILE | FSAccess.READ_DIR, Ruleset()
    for path in filter(Path.exists, (*PROGRAM, OURS, *view.readable)):
        rules.allow(path, rules=reading if path.is_dir() else FSAccess.READ_FILE)
    for folder in view.writable:
        rules.allow(folder, rules=FSAccess.all() & ~FSAccess.EXECUTE)
    set_fence: FenceSetter = rules.apply
    return set_fence


def _prepare_calls_fence(_: FileView) -> FenceSetter:
    import pyseccomp

    refuse = pyseccomp.ERRNO(errno.EPERM)
    calls = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED_CALLS:
        calls.add_rule(refuse, name)
    calls.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, THREAD, 0))
    missing = pyseccomp.ERRNO(errno.ENOSYS)
    calls.add_rule(missing, "clone3")  # so that threads are begun with clone, whose purpose can be seen
    calls.add_rule(refuse, "tgkill", pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
    set_fence: FenceSetter = calls.load
    return set_fence


FENCES: dict[Fence, Callable[[FileView], FenceSetter]] = {
    Fence.NETWORK: _prepare_network_fence,
    Fence.FILES: _prepare_files_fence,
    Fence.CALLS: _prepare_calls_fence,  # the last, because it refuses what the others need
}
