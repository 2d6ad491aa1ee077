"""A process that imported torch once and forks a child per program (Linux).

NOTE [The zygote]
1. Thread counts are 1 before torch is imported: a fork of a process with threads may hang.
2. A warm-up run imports what torch imports late, and is recorded, so the recorder is warm too.
3. ``gc.freeze()`` keeps a collection in a child from copying every page of the parent.
4. For each message on the control socket: six descriptors, a fork, a pidfd back. The zygote never
   sees a program: the child reads it from its own pipe.
5. The control socket's end means that the server has gone: kill the children and leave.
Confinement of the child (limits, Landlock, seccomp) belongs in :func:`_become_child`, after the
descriptors are in place and before the job is read.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT"):
    os.environ[_name] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.nice(10)  # the server answers first: importing torch and programs take what it leaves

import ctypes  # noqa: E402 - thread counts first, see the note
import gc  # noqa: E402
import io  # noqa: E402
import select  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from contextlib import redirect_stderr, redirect_stdout  # noqa: E402

from engine.codec import FrameReader, Job  # noqa: E402
from engine.recording.job import run_job  # noqa: E402
from engine.recording.recorder import record  # noqa: E402
from engine.trace import Limits, Program  # noqa: E402

N_DESCRIPTORS = 6  # job, events, stdout, stderr, fault, status
PR_SET_PDEATHSIG = 1
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
    gc.collect()
    gc.disable()
    gc.freeze()
    control.send(b"ready")
    Zygote(control).serve()


def warm_up() -> None:
    """Run and record a small program that ends in an error, with its output thrown away."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        record(Program(WARM_UP), Limits(), lambda chunk: None)


class Zygote:
    """Forks on demand and tells each run's exit status on its own pipe."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._status_pipes: dict[int, int] = {}  # pid -> descriptor
        self._wake_r, wake_w = os.pipe()
        os.set_blocking(wake_w, False)
        signal.set_wakeup_fd(wake_w, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Loop until the server closes the control socket."""
        while True:
            readable, _, _ = select.select([self._control, self._wake_r], [], [])
            if self._wake_r in readable:
                os.read(self._wake_r, 4096)
                self._reap()
            if self._control in readable and not self._answer():
                break
        for pid in self._status_pipes:
            os.kill(pid, signal.SIGKILL)

    def _answer(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, 16, N_DESCRIPTORS)
        if not message:
            return False
        pid = os.fork()
        if pid == 0:
            _become_child(self._control, descriptors)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [b"pid %d" % pid], [pidfd])
        os.close(pidfd)
        self._status_pipes[pid] = descriptors.pop()
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def _reap(self) -> None:
        while self._status_pipes:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            pipe = self._status_pipes.pop(pid, None)
            if pipe is not None:
                try:
                    os.write(pipe, b"%d" % os.waitstatus_to_exitcode(status))
                except BrokenPipeError:
                    pass  # nobody waits for this run any more
                os.close(pipe)


def _become_child(control: socket.socket, descriptors: list[int]) -> None:
    """Everything between the fork and the program; never returns."""
    status = 70  # EX_SOFTWARE: our own fault
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.close()
        job_fd, events_fd, out_fd, err_fd, fault_fd, _ = descriptors
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (out_fd, 1), (err_fd, 2)):
            os.dup2(source, target)
        kept = {job_fd, events_fd, fault_fd}
        for name in os.listdir("/proc/self/fd"):
            if int(name) > 2 and int(name) not in kept:
                try:
                    os.close(int(name))
                except OSError:
                    continue  # the listing's own descriptor
        job = _read_job(job_fd)
        sys.stdin = open(0, closefd=False)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        gc.enable()
        status = run_job(job, _writer(events_fd), fault_fd)
        sys.stderr.flush()
    except BaseException as error:  # noqa: BLE001 - nothing may unwind into the zygote's loop
        status = 70 if not isinstance(error, SystemExit) else status
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(status)


def _read_job(descriptor: int) -> Job:
    reader: FrameReader[Job] = FrameReader(Job)
    with open(descriptor, "rb", buffering=0) as pipe:
        while data := pipe.read(1 << 16):
            for job in reader.feed(data):
                return job
    raise EOFError("the server closed the job pipe")


def _writer(descriptor: int):
    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]

    return send


if __name__ == "__main__":
    main()
