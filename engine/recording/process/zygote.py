"""A process that imported torch once and forks a child per program (Linux).

NOTE [The zygote]
1. Thread counts are 1 before torch is imported: a fork of a process with threads may hang.
2. A warm-up run imports what torch imports late, and is recorded, so the recorder is warm too.
3. ``gc.freeze()`` keeps a collection in a child from copying every page of the parent.
4. Ready, it forks a copy of itself that stands by: when the zygote dies, the copy serves at once, and has
   a copy of its own. Their memory is the same pages.
5. For each "run" on the control socket: six descriptors, a fork, a pidfd back. The zygote never
   sees a program: the child reads it from its own pipe. Where there is no pidfd, the server asks for signals.
6. A child that has ended takes what it started with it: its group is killed before it is reaped,
   while its number cannot yet be another process's.
7. The control socket's end means that the server has gone: kill the children and all that they started, also in
   sessions of their own, and leave. A server that was killed has left the folders of its runs: they are removed here.
8. A job may ask for confinement: the child has read it, has no descriptor but its own, and confines
   itself (:mod:`engine.sandbox.confine`) before anything of the program is looked at.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT"):
    os.environ[_name] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.nice(10)  # the server answers first: importing torch and programs take what it leaves

import atexit  # noqa: E402 - thread counts first, see the note
import ctypes  # noqa: E402
import fcntl  # noqa: E402
import gc  # noqa: E402
import io  # noqa: E402
import resource  # noqa: E402
import select  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import weakref  # noqa: E402
from contextlib import redirect_stderr, redirect_stdout  # noqa: E402
from typing import Any  # noqa: E402

from engine.contract.codec import Job, first_message  # noqa: E402
from engine.contract.endings import BROKEN, OWN_FAULT, UNCONFINED  # noqa: E402
from engine.contract.trace import Limits, Program  # noqa: E402
from engine.recording.process.hide_modules import step_aside  # noqa: E402
from engine.recording.process.job import begun  # noqa: E402
from engine.recording.program.mailbox import Mailbox  # noqa: E402
from engine.recording.recorder import record  # noqa: E402
from engine.sandbox.confine import Ground, confine, survey  # noqa: E402
from engine.sandbox.readable import readable  # noqa: E402
from engine.sandbox.system import ConfineError  # noqa: E402

N_DESCRIPTORS = 6  # job, events, stdout, stderr, fault, status
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOWEST = 19  # of nice(1)
MAX_ROUNDS = 200  # of killing what goes on forking
EVENTS_FD = 3  # what a program sees beside its standard streams
PARKED_FD = 4096  # our other descriptors, out of the way of the program's own
exit_now, write_now = os._exit, os.write  # a program may replace those of the module
WARM_UP = """
import torch
x = torch.tensor([1., 2.], requires_grad=True)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=.1)
loss = (model(x) * x).exp().mean()
loss.backward()
optimizer.step()
print(x, loss, x.grad)
loss.backward()
"""


def main() -> None:
    """Serve forks on the control socket whose descriptor is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    forget_finalizers()
    ground = survey(readable())
    sys.path[0] = ""  # was the folder of this package, for -m
    os.chdir("/")
    n_threads = len(os.listdir("/proc/self/task"))
    if n_threads != 1:
        sys.exit(f"backstep: the zygote has {n_threads} threads; a fork of it could hang")
    gc.collect()
    gc.disable()
    gc.freeze()
    zygote = Zygote(control, ground, sys.argv[2] if len(sys.argv) > 2 else "")
    zygote.begin()
    zygote.serve()
    os._exit(0)  # nothing of torch's is worth taking down piece by piece


def warm_up() -> None:
    """Run and record a small program that ends in an error, with its output thrown away."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        record(Program(WARM_UP), Limits(), lambda chunk: None)


def forget_finalizers() -> None:
    """Leave torch's finalizers out of the children's exit, which would take 40 ms; a program's own are called."""
    finalize: Any = weakref.finalize
    for finalizer in list(finalize._registry):
        finalizer.atexit = False
    atexit.unregister(finalize._exitfunc)
    finalize._registered_with_atexit = False  # the next one registers it again


class Zygote:
    """Forks on demand and tells each run's exit status on its own pipe."""

    def __init__(self, control: socket.socket, ground: Ground, folder: str) -> None:
        self._control, self._ground, self._folder = control, ground, folder
        self._status_pipes: dict[int, int] = {}  # pid -> descriptor
        self._spare = 0  # the process that stands by
        self._has_pidfd = has_pidfd()
        self._is_dismissed = False  # by a server that ends in order
        self._wake_r, self._wake_w = os.pipe()
        os.set_blocking(self._wake_w, False)
        signal.set_wakeup_fd(self._wake_w, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def begin(self) -> None:
        """Have one stand by, and say that this one is ready."""
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whoever loses its parent below is found
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            try:
                self._spare = os.fork()
            except OSError:
                self._control.send(b"ready")  # too many processes: without one, then
                return
            if self._spare == 0:
                ours.close()
                self._stand_by(theirs)
            socket.send_fds(self._control, [b"ready %d" % self._spare], [ours.fileno()])

    def serve(self) -> None:
        """Loop until the server closes the control socket."""
        while True:
            readable, _, _ = select.select([self._control, self._wake_r], [], [])
            if self._wake_r in readable:
                os.read(self._wake_r, 4096)
                self._reap()
            if self._control in readable and not self._answer():
                break
        end_all_below(os.getpid(), {self._spare})
        if self._folder and not self._is_dismissed:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _stand_by(self, control: socket.socket) -> None:
        """In the copy: wait to be woken, and serve; never returns."""
        status = OWN_FAULT
        try:
            os.setsid()
            self._control.close()
            os.close(self._wake_r)
            os.close(self._wake_w)
            Zygote(control, self._ground, self._folder).serve()
            status = 0
        finally:
            os._exit(status)

    def _answer(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, 64, N_DESCRIPTORS)
        match message.split():
            case []:
                return False
            case [b"run"]:
                self._run(descriptors)
            case [b"wake"]:
                self.begin()
            case [b"bye"]:
                self._is_dismissed = True
            case [b"signal", pid, number] if int(pid) in self._status_pipes:
                os.kill(int(pid), int(number))
            case [b"lower", pid] if int(pid) in self._status_pipes:
                os.setpriority(os.PRIO_PROCESS, int(pid), LOWEST)
        return True

    def _run(self, descriptors: list[int]) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:  # too many processes, no memory: the next one may succeed
            self._control.send(str(error).encode()[:200])
            _close(descriptors)
            return
        if pid == 0:
            _become_child(parent, self._control, descriptors, self._ground)
        self._status_pipes[pid] = descriptors.pop()
        _close(descriptors)
        if not self._has_pidfd:
            self._control.send(b"pid %d" % pid)
            return
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [b"pidfd of %d" % pid], [pidfd])
        os.close(pidfd)

    def _reap(self) -> None:
        while (child := _ended_child()) is not None:
            if child in self._status_pipes:  # others have lost their own parent, or stand by
                _kill_group(child)
            pid, status = os.waitpid(child, 0)
            pipe = self._status_pipes.pop(pid, None)
            if pipe is not None:
                try:
                    os.write(pipe, b"%d" % os.waitstatus_to_exitcode(status))
                except BrokenPipeError:
                    pass  # nobody waits for this run any more
                os.close(pipe)


def has_pidfd() -> bool:
    """Whether processes can be had and signalled as descriptors: not before Linux 5.3, nor under some filters."""
    try:
        own = os.pidfd_open(os.getpid())
    except (AttributeError, OSError):
        return False
    try:
        signal.pidfd_send_signal(own, 0)
    except (AttributeError, OSError):
        return False
    finally:
        os.close(own)
    return True


def _ended_child() -> int | None:
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def end_all_below(root: int, spared: set[int]) -> None:
    """Kill every descendant of ``root`` but ``spared``, until there is none: they may be forking."""
    for _ in range(MAX_ROUNDS):
        while (child := _ended_child()) is not None:
            os.waitpid(child, 0)
        found = _below(root) - spared
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue  # gone meanwhile, or of another account
        if not found:
            return


def _below(root: int) -> set[int]:
    """Descendants of a process, from the parents that /proc tells."""
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError):
            continue  # it has ended
    found: set[int] = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # it was alone, or died before it led a group


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _become_child(zygote: int, control: socket.socket, descriptors: list[int], ground: Ground) -> None:
    """Everything between the fork and the program; never returns."""
    status = OWN_FAULT
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != zygote:
            return  # it died in between
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.close()
        job_fd, fault_fd = _settle(descriptors)
        job = _read_job(job_fd)
        sys.stdin = open(0, closefd=False)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        sys.__stdin__, sys.__stderr__ = sys.stdin, sys.stderr  # type: ignore[misc]
        gc.enable()
        kept = (EVENTS_FD, job_fd, fault_fd)
        relief = () if job.confinement is None else confine(job.confinement, ground, zygote, kept)
        step_aside()
        mailbox = Mailbox(_reader(job_fd))
        run = begun(job, _writer(EVENTS_FD), fault_fd, mailbox, relief)
        status = BROKEN  # whatever fails from here on, the program has done
        status = run().exit_status
        if job.confinement is None:  # a stranger's exit functions and threads are not waited for
            _end_as_python()
    except BaseException as error:  # noqa: BLE001 - nothing may unwind into the zygote's loop
        if not isinstance(error, SystemExit):
            status = UNCONFINED if isinstance(error, ConfineError) else status
        write_now(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        exit_now(status)


def _settle(descriptors: list[int]) -> tuple[int, int]:
    """Standard streams at 0 to 2, the events at 3, all else closed but the job and the fault pipe: those two."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    free = min(PARKED_FD, hard - 2 * N_DESCRIPTORS)
    job, events, out, err, fault, _ = [fcntl.fcntl(fd, fcntl.F_DUPFD, free) for fd in descriptors]
    os.closerange(EVENTS_FD, free)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (out, 1), (err, 2), (events, EVENTS_FD)):
        os.dup2(source, target)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > EVENTS_FD and int(name) not in (job, fault):
            try:
                os.close(int(name))
            except OSError:
                continue  # the listing's own descriptor
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return job, fault


def _end_as_python() -> None:
    """What the interpreter does when a program is over: wait for its threads, call its exit functions, flush."""
    threading._shutdown()  # type: ignore[attr-defined] - has no public name
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            continue  # the program put something else there, or closed it


def _read_job(descriptor: int) -> Job:
    job = first_message(lambda n: os.read(descriptor, n), Job)
    if job is None:
        raise EOFError("the server closed the job pipe")
    return job


def _reader(descriptor: int):
    """Reads what commands have arrived on the job's pipe, b"" for none."""
    os.set_blocking(descriptor, False)
    os.set_inheritable(descriptor, False)

    def read() -> bytes:
        try:
            return os.read(descriptor, 1 << 16)
        except OSError:
            return b""  # nothing there, or closed by the program

    return read


def _writer(descriptor: int):
    is_free, refused = select.poll(), BlockingIOError
    is_free.register(descriptor, select.POLLOUT)
    wait = is_free.poll

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[write_now(descriptor, view) :]
            except refused:
                wait(1000)  # the program made it a descriptor that does not wait

    return send


if __name__ == "__main__":
    main()
