"""What a submission may try: one named trick each, as Python that prints GOT where it succeeds.

Before each runs `PRELUDE`; `GIVEN` holds what a cheat could know or guess: paths, ports and process numbers.
"""

from dataclasses import dataclass, field

from threechairs.grader.sandbox import Kind, Reason

PRELUDE = """
import ctypes, errno, fcntl, json, mmap, os, platform, resource, signal, socket, stat, subprocess, sys, threading, time
GIVEN = json.loads(sys.stdin.read())
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

def attempt(trick):
    try:
        print("GOT", str(trick())[:200], flush=True)
    except BaseException as error:
        print("failed:", type(error).__name__, str(error)[:100], flush=True)

def c(name, *arguments):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def system_call(x86, arm, *arguments):
    return c("syscall", ctypes.c_long(x86 if X86 else arm), *arguments)

def found(text):
    if not text:
        raise LookupError("nothing")
    return text

"""

BOTH = (Kind.NAMESPACES, Kind.LANDLOCK)
ALONE = (Kind.NAMESPACES,)


@dataclass(frozen=True)
class Trick:
    """A trick, the tiers whose promise it would break, and how its run may end."""

    code: str
    tiers: tuple[Kind, ...] = BOTH
    sockets: bool = False
    limits: dict[str, float] = field(default_factory=dict)
    ends: tuple[Reason, ...] = (Reason.ENDED,)
    control: bool = False
    """Whether it works, and does no harm, where nothing is sealed: it shows that the trick is one."""


TRICKS = {
    # the network
    "tcp to the internet": Trick("attempt(lambda: socket.create_connection(('1.1.1.1', 53), 2))"),
    "tcp to a server on this machine": Trick(
        "attempt(lambda: socket.create_connection(('127.0.0.1', GIVEN['port']), 2))", control=True
    ),
    "tcp, where sockets are allowed": Trick(
        "attempt(lambda: socket.create_connection(('127.0.0.1', GIVEN['port']), 2))", sockets=True
    ),
    "tcp over IPv6": Trick("attempt(lambda: socket.socket(socket.AF_INET6))"),
    "udp": Trick("attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53)))"),
    "udp, where sockets are allowed": Trick(
        "attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53)))", sockets=True
    ),
    "dns": Trick("attempt(lambda: socket.getaddrinfo('example.com', 80))", sockets=True),
    "vsock to the host": Trick("attempt(lambda: socket.socket(40, socket.SOCK_STREAM))", sockets=True),
    "raw packets": Trick("attempt(lambda: socket.socket(17, socket.SOCK_RAW))", sockets=True),
    "a server of its own": Trick("attempt(lambda: socket.socket().bind(('127.0.0.1', 0)))"),
    "a unix socket outside": Trick(
        "attempt(lambda: socket.socket(socket.AF_UNIX).connect(GIVEN['unix']))", control=True
    ),
    "a unix socket outside, where sockets are allowed": Trick(
        "attempt(lambda: socket.socket(socket.AF_UNIX).connect(GIVEN['unix']))", tiers=ALONE, sockets=True
    ),
    "an abstract socket": Trick(
        "attempt(lambda: socket.socket(socket.AF_UNIX).connect(GIVEN['abstract']))", control=True
    ),
    "an abstract socket, where sockets are allowed": Trick(
        "attempt(lambda: socket.socket(socket.AF_UNIX).connect(GIVEN['abstract']))", sockets=True
    ),
    # files
    "read the gradebook": Trick("attempt(lambda: open(GIVEN['course'] + '/gradebook.db').read())", control=True),
    "write the gradebook": Trick("attempt(lambda: open(GIVEN['course'] + '/gradebook.db', 'w').write('A'))"),
    "delete the gradebook": Trick("attempt(lambda: os.remove(GIVEN['course'] + '/gradebook.db'))"),
    "read the solutions": Trick(
        "attempt(lambda: open(GIVEN['course'] + '/solutions/hw1/hw1.ipynb').read())", control=True
    ),
    "list other submissions": Trick("attempt(lambda: os.listdir(GIVEN['course'] + '/submitted'))", control=True),
    "list homes": Trick(
        "attempt(lambda: os.listdir('/home'))\nattempt(lambda: os.listdir('/root'))\n"
        "attempt(lambda: os.listdir(GIVEN['home']))"
    ),
    "read /etc/passwd": Trick("attempt(lambda: open('/etc/passwd').read())", control=True),
    "read /etc/hosts": Trick("attempt(lambda: open('/etc/hosts').read())", control=True),
    "follow a link that was handed in": Trick("attempt(lambda: open('handed-in-link').read())", control=True),
    "make a link out": Trick(
        "os.symlink(GIVEN['course'] + '/gradebook.db', 'way-out')\nattempt(lambda: open('way-out').read())",
        control=True,
    ),
    "make a hard link out": Trick("attempt(lambda: os.link(GIVEN['course'] + '/gradebook.db', 'way-out'))"),
    "climb out by dots": Trick("attempt(lambda: open('../' * 30 + GIVEN['course'] + '/gradebook.db').read())"),
    "write into Python": Trick("attempt(lambda: open(sys.prefix + '/x', 'w'))"),
    "write into the kit": Trick(
        "import threechairs\nattempt(lambda: open(os.path.dirname(threechairs.__file__) + '/x', 'w'))"
    ),
    "write to the system": Trick(
        "for place in '/', '/usr', '/etc', '/run', '/var/tmp', '/opt', '/dev':\n"
        "    attempt(lambda: open(place + '/GIVEN', 'w'))"
    ),
    "look at the original of its own folder": Trick("attempt(lambda: os.listdir(GIVEN['work']))", control=True),
    "folders nested deep, and locked": Trick(
        "for _ in range(3000):\n    os.mkdir('d'); os.chdir('d')\nos.chmod('.', 0)"
    ),
    "make a device": Trick("attempt(lambda: os.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(8, 0)))"),
    "open devices": Trick(
        "for name in 'kmsg', 'mem', 'sda', 'vda', 'kvm', 'fuse', 'ptmx', 'tty':\n"
        "    attempt(lambda: open('/dev/' + name, 'rb'))"
    ),
    "change the kernel's settings": Trick(
        "for name in 'sysrq-trigger', 'sys/kernel/core_pattern', 'sys/kernel/hostname', 'self/oom_score_adj':\n"
        "    attempt(lambda: open('/proc/' + name, 'w').write('0'))"
    ),
    "look for control groups": Trick("attempt(lambda: os.listdir('/sys/fs/cgroup'))"),
    # the grader
    "read the grader's environment": Trick(
        "places = ['/proc/self/environ', '/proc/1/environ', f'/proc/{os.getppid()}/environ',"
        " f\"/proc/{GIVEN['grader']}/environ\"]\n"
        "text = str(dict(os.environ))\n"
        "for place in places:\n"
        "    try: text += open(place).read()\n"
        "    except OSError: pass\n"
        "attempt(lambda: found('THREECHAIRS_SECRET' in text))"
    ),
    "read others' command lines": Trick(
        "text = ''\n"
        "for number in [GIVEN['bystander'], GIVEN['grader'], 1]:\n"
        "    try: text += open(f'/proc/{number}/cmdline').read()\n"
        "    except OSError: pass\n"
        "attempt(lambda: found(GIVEN['bystander_name'] in text))",
        control=True,
    ),
    "list processes": Trick("attempt(lambda: found(str(GIVEN['bystander']) in os.listdir('/proc')))", control=True),
    "go through /proc to another root": Trick(
        "for number in 1, os.getppid(), GIVEN['bystander']:\n"
        "    attempt(lambda: open(f\"/proc/{number}/root{GIVEN['course']}/gradebook.db\").read())"
    ),
    "read the grader's memory": Trick(
        "for number in os.getppid(), GIVEN['bystander']:\n    attempt(lambda: open(f'/proc/{number}/mem', 'rb'))"
    ),
    "read descriptors that were left open": Trick(
        "opened = []\n"
        "for number in range(3, 256):\n"
        "    try: os.fstat(number); opened.append(number)\n"
        "    except OSError: pass\n"
        "attempt(lambda: found(opened))"
    ),
    "ptrace another process": Trick(
        "for number in os.getppid(), GIVEN['bystander']:\n"
        "    attempt(lambda: c('ptrace', 16, number, ctypes.c_void_p(), ctypes.c_void_p()))"
    ),
    "process_vm_readv": Trick(
        "buffer = ctypes.create_string_buffer(8)\n"
        "vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)\n"
        "attempt(lambda: c('process_vm_readv', GIVEN['bystander'], vector, 1, vector, 1, 0))"
    ),
    "signal another process": Trick(
        "for number in GIVEN['bystander'], GIVEN['grader']:\n    attempt(lambda: os.kill(number, 9))"
    ),
    "signal the parent": Trick("attempt(lambda: os.kill(os.getppid() or GIVEN['bystander'], 9))"),
    "signal everybody": Trick("attempt(lambda: found(os.kill(-1, 9)))", ends=(Reason.ENDED, Reason.SIGNAL)),
    "signal by descriptor": Trick("attempt(lambda: os.pidfd_open(GIVEN['bystander']))", control=True),
    "take another process's processor time": Trick(
        "attempt(lambda: resource.prlimit(GIVEN['bystander'], resource.RLIMIT_CPU, (1, 1)))\n"
        "attempt(lambda: os.sched_setaffinity(GIVEN['bystander'], {0}))\n"
        "attempt(lambda: os.setpriority(os.PRIO_PROCESS, GIVEN['bystander'], 19) or 'slowed')"
    ),
    "outlive the grader": Trick("attempt(lambda: c('prctl', 1, 0, 0, 0, 0))", control=True),
    # the kernel
    "a user namespace": Trick("attempt(lambda: c('unshare', 0x10000000))"),
    "a user namespace by clone": Trick("attempt(lambda: system_call(56, 220, 0x10000000 | 17, 0, 0, 0, 0))"),
    "a user namespace by clone3": Trick(
        "flags = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)\n"
        "attempt(lambda: system_call(435, 435, flags, ctypes.c_size_t(88)))"
    ),
    "another process's namespace": Trick(
        "attempt(lambda: c('setns', os.open('/proc/1/ns/net', os.O_RDONLY), 0))\nattempt(lambda: c('setns', 0, 0))"
    ),
    "mount": Trick("attempt(lambda: c('mount', b'none', os.getcwdb(), b'tmpfs', 0, None))"),
    "unmount and change the root": Trick(
        "attempt(lambda: c('umount2', b'/proc', 2))\nattempt(lambda: c('chroot', b'.'))\n"
        "attempt(lambda: system_call(155, 41, b'.', b'.'))"
    ),
    "become root": Trick(
        "for call in lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0]):\n    attempt(call)"
    ),
    "a set-user-id program": Trick(
        "attempt(lambda: found(subprocess.run(['su', '-c', 'id'], capture_output=True, stdin=0).stdout))\n"
        "attempt(lambda: found('NoNewPrivs:\\t0' in open('/proc/self/status').read()))"
    ),
    "io_uring": Trick("attempt(lambda: system_call(425, 425, 8, ctypes.create_string_buffer(256)))"),
    "bpf": Trick("attempt(lambda: system_call(321, 280, 0, ctypes.create_string_buffer(128), 128))"),
    "keyctl": Trick("attempt(lambda: system_call(250, 219, 0, -3, 0))", control=True),
    "userfaultfd": Trick("attempt(lambda: system_call(323, 282, 1))"),
    "perf_event_open": Trick("attempt(lambda: system_call(298, 241, ctypes.create_string_buffer(128), 0, -1, -1, 0))"),
    "a module, a reboot, swap": Trick(
        "attempt(lambda: system_call(175, 105, b'', 0, b''))\n"
        "attempt(lambda: system_call(169, 142, 0xfee1dead, 672274793, 0, 0))\nattempt(lambda: c('swapoff', b'/x'))"
    ),
    "the clock and the host's name": Trick(
        "attempt(lambda: time.clock_settime(time.CLOCK_REALTIME, 0))\nattempt(lambda: socket.sethostname('x'))"
    ),
    "type into the grader's terminal": Trick(
        "def push():\n"
        "    try: return fcntl.ioctl(0, 0x5412, b'x')\n"
        "    except OSError as error:\n"
        "        if error.errno in (errno.ENOTTY, errno.EINVAL): return 'nobody forbids it, there is no terminal'\n"
        "        raise\n"
        "attempt(push)",
        control=True,
    ),
    "system calls of another processor mode": Trick(
        "def old_call():\n"
        "    page = mmap.mmap(-1, 4096, prot=7)\n"
        "    page.write(b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3')  # getpid, by int 0x80\n"
        "    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\n"
        "attempt(lambda: old_call() if X86 else found(''))",
        ends=(Reason.ENDED, Reason.SIGNAL),
    ),
    "take the limits away": Trick(
        "for name in 'AS', 'CPU', 'NPROC', 'FSIZE', 'NOFILE', 'CORE':\n"
        "    number = getattr(resource, 'RLIMIT_' + name)\n"
        "    attempt(lambda: resource.setrlimit(number, (1 << 40, 1 << 40)) or name)"
    ),
    # more than its share
    "6 GB of memory": Trick("attempt(lambda: len(bytearray(6 << 30)))"),
    "memory in many processes": Trick(
        "for number in range(20):\n"
        "    if os.fork() == 0:\n"
        "        held = bytearray(os.urandom(1 << 20)) * 150\n"
        "        time.sleep(20)\n"
        "        os._exit(0)\n"
        "time.sleep(20)\nattempt(lambda: 'all of it')",
        limits={"memory_mb": 400},
        ends=(Reason.MEMORY, Reason.STOPPED, Reason.SIGNAL),
    ),
    "memory that no limit counts": Trick(
        "attempt(lambda: os.memfd_create('x'))\nattempt(lambda: c('shmget', 0, ctypes.c_size_t(1 << 30), 0o1600))",
        control=True,
    ),
    "memory in /dev/shm": Trick(
        "def fill():\n"
        "    for number in range(100):\n"
        "        with open(f'/dev/shm/x{number}', 'wb') as file: file.write(bytes(3 << 20))\n"
        "attempt(fill)"
    ),
    "300 MB in many files": Trick(
        "def fill():\n"
        "    for number in range(100):\n"
        "        with open(f'x{number}', 'wb') as file: file.write(bytes(3 << 20))\n"
        "attempt(fill)",
        tiers=ALONE,
    ),
    "300 MB in /tmp": Trick(
        "def fill():\n"
        "    for number in range(100):\n"
        "        with open(f'/tmp/x{number}', 'wb') as file: file.write(bytes(3 << 20))\n"
        "attempt(fill)"
    ),
    "a hundred thousand empty files": Trick(
        "attempt(lambda: [open(f'x{number}', 'w').close() for number in range(100_000)])", tiers=ALONE
    ),
    "one file of 100 MB": Trick("attempt(lambda: open('x', 'wb').write(bytes(100 << 20)) == 100 << 20)"),
    "200 forks": Trick(
        "def forks():\n"
        "    for number in range(200):\n"
        "        if os.fork() == 0: time.sleep(60); os._exit(0)\n"
        "attempt(forks)"
    ),
    "200 threads": Trick(
        "attempt(lambda: [threading.Thread(target=time.sleep, args=(3,), daemon=True).start() for _ in range(200)])"
    ),
    "a fork bomb": Trick(
        "while True:\n    try: os.fork()\n    except OSError: pass",
        limits={"wall_s": 1.5},
        ends=(Reason.WALL,),
    ),
    "a chain of forks that never waits": Trick(
        "while True:\n    try:\n        if os.fork(): os._exit(0)\n    except OSError: pass",
        limits={"wall_s": 3},
        ends=(Reason.ENDED,),
    ),
    "a thousand open files": Trick("attempt(lambda: [os.dup(1) for _ in range(1000)])"),
    "a flood of output": Trick("while True: os.write(1, bytes(65536))", limits={"output_mb": 2}, ends=(Reason.OUTPUT,)),
    "a flood of errors": Trick("while True: os.write(2, bytes(65536))", limits={"output_mb": 2}, ends=(Reason.OUTPUT,)),
    "a loop": Trick("while True: pass", limits={"cpu_s": 1}, ends=(Reason.CPU, Reason.SIGNAL)),
    "a loop that ignores signals": Trick(
        "for number in range(1, 32):\n    try: signal.signal(number, signal.SIG_IGN)\n    except OSError: pass\n"
        "while True: pass",
        limits={"cpu_s": 1},
        ends=(Reason.CPU,),
    ),
    "sleep for ever": Trick("time.sleep(1000)", limits={"wall_s": 1}, ends=(Reason.WALL,)),
    "stop itself": Trick(
        "os.kill(os.getpid(), signal.SIGSTOP)\ntime.sleep(9)", limits={"wall_s": 1}, ends=(Reason.WALL,)
    ),
    "leave a process behind": Trick(
        "if os.fork() == 0:\n"
        "    try: os.setsid()\n"
        "    except OSError: pass\n"
        "    if os.fork() == 0:\n"
        "        for number in 0, 1, 2: os.close(number)\n"
        "        time.sleep(1000)\n"
        "    os._exit(0)\n"
        "time.sleep(0.2)"
    ),
    "leave a process behind that holds the output": Trick("if os.fork() == 0: time.sleep(1000)"),
    "leave a program behind": Trick("subprocess.Popen(['sleep', GIVEN['token']])\ntime.sleep(0.2)"),
    "die at once": Trick("os.kill(os.getpid(), 9)\nos.abort()", ends=(Reason.ENDED, Reason.SIGNAL)),
    "pretend that the sandbox refused": Trick("print('The sandbox could not be set up', file=sys.stderr)\nos._exit(1)"),
}
