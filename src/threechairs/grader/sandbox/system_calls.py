"""Which system calls a submission may make: a list of what programs need; everything else does not exist for it.

A list of what is allowed stays right when a kernel gains new calls. Left out on purpose: whatever watches or changes
other processes (ptrace, process_vm_readv, pidfd_open, kcmp), mounts and namespaces, io_uring, bpf, keys, changes of
user, and memory that no limit counts (memfd_create, System V segments).
"""

from __future__ import annotations

import errno
import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter  # type: ignore[import-untyped]

FILES = """
    access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64
    fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr
    fsetxattr fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64 getxattr lchown lgetxattr link linkat
    listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat newfstatat open openat openat2
    pipe pipe2 poll ppoll pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat
    readv removexattr rename renameat renameat2 rmdir select sendfile setxattr stat statfs statx symlink symlinkat
    truncate umask unlink unlinkat utime utimensat utimes write writev
"""
MEMORY = "brk madvise membarrier mincore mlock mmap mprotect mremap msync munlock munmap"
PROCESSES = """
    arch_prctl capget execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv futex_wake
    get_robust_list getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getresgid
    getresuid getrlimit getrusage getsid gettid getuid restart_syscall rseq sched_get_priority_max
    sched_get_priority_min sched_getaffinity sched_getparam sched_getscheduler sched_yield set_robust_list
    set_tid_address setrlimit sysinfo times uname vfork wait4 waitid
"""
SIGNALS = """
    pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sigaltstack signalfd
    signalfd4
"""
TIME = """
    alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create
    timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
"""
EVENTS = "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 getrandom"
SOCKETS_IN_USE = """
    getpeername getsockname getsockopt recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt shutdown
"""
NEW_SOCKETS = "accept accept4 bind connect listen"
SIGNAL_SENDERS = "kill tgkill"
OWN_GROUP = "setpgid setsid"
SCHEDULE = "sched_setparam sched_setscheduler"
"""ZeroMQ gives its threads the schedule that they have, and gives up if that fails; others could be slowed by it."""

CLONE_NAMESPACES = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET; the flags lie in clone's first argument."""
TERMINAL_AND_BUFFER_CALLS = (0x5401, 0x5402, 0x5403, 0x5404, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)
"""ioctl: is it a terminal, how wide, how much waits, blocking, close on exec. Not TIOCSTI, which types for others."""
INTERFACE_CALLS = (0x8910, 0x8912, 0x8913, 0x8915, 0x8927, 0x8933)
"""ioctl: names and addresses of network interfaces, which a Jupyter kernel asks for."""
HARMLESS_ATTRIBUTES = (3, 15, 16, 21, 23, 38, 39, 0x53564D41)
"""prctl: names, and questions. Not PR_SET_PDEATHSIG: a submission may not outlive the grader."""
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16


@functools.cache
def system_call_filter(*, alone: bool, sockets: bool = False, only_signal: int | None = None) -> SyscallFilter:
    """Build the filter; `.load()` puts this process and its children under it for good.

    A filter that was built before is given again, so that a server need not build one in each child.

    Parameters
    ----------
    alone : bool
        Whether the process is alone in its process and network namespaces. Only then may it make process groups
        (elsewhere the group is how all its children are found, and making one only seems to succeed), and sockets of
        the internet, which lead nowhere.
    sockets : bool
        Whether it may make sockets at all; a real Jupyter kernel needs them. Pairs of sockets are always allowed.
    only_signal : int, optional
        The one process that it may send signals to, where nothing else confines them.

    Raises
    ------
    OSError
        If the kernel or libseccomp refuses.
    """
    import pyseccomp
    from pyseccomp import Arg

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))

    def allow(name: str, *conditions: Arg, action: int = pyseccomp.ALLOW) -> None:
        try:
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        except (ValueError, OSError):
            return  # not known here, so it stays forbidden
        if number >= 0:  # negative: this processor has no such call
            rules.add_rule(action, number, *conditions)

    names = f"{FILES} {MEMORY} {PROCESSES} {SIGNALS} {TIME} {EVENTS} {SOCKETS_IN_USE}"
    if sockets:
        names += f" {NEW_SOCKETS}"
    for name in names.split():
        allow(name)
    for name in OWN_GROUP.split():
        allow(name, action=pyseccomp.ALLOW if alone else pyseccomp.ERRNO(0))
    for name in SCHEDULE.split():
        allow(name, action=pyseccomp.ERRNO(0))
    allow("clone", Arg(0, pyseccomp.MASKED_EQ, CLONE_NAMESPACES, 0))
    allow("socketpair", Arg(0, pyseccomp.EQ, AF_UNIX))
    # only of itself: otherwise a submission could take the limits or the processor from the process that watches it
    allow("prlimit64", Arg(0, pyseccomp.EQ, 0))
    allow("sched_setaffinity", Arg(0, pyseccomp.EQ, 0))
    allow("setpriority", Arg(0, pyseccomp.EQ, 0), Arg(1, pyseccomp.EQ, 0))
    for option in HARMLESS_ATTRIBUTES:
        allow("prctl", Arg(0, pyseccomp.EQ, option))
    for request in TERMINAL_AND_BUFFER_CALLS + (INTERFACE_CALLS if sockets and alone else ()):
        allow("ioctl", Arg(1, pyseccomp.EQ, request))
    for family in (AF_UNIX, AF_INET, AF_INET6, AF_NETLINK) if alone else (AF_UNIX,):
        if sockets:
            allow("socket", Arg(0, pyseccomp.EQ, family))
    for sender in SIGNAL_SENDERS.split():
        allow(sender, *([] if only_signal is None else [Arg(0, pyseccomp.EQ, only_signal)]))
    if only_signal is None:
        allow("tkill")  # names a thread of any process, so no condition could hold it back
    return rules
