"""The parts of the confinement that can be looked at without confining anything."""

from __future__ import annotations

import struct

import pytest

from engine.contract.events import Finished
from engine.contract.policy import CLASSROOM_LIMITS, Confinement, PolicyError, confinement_of, limits_of, policy_from
from engine.contract.trace import Failure, Limits, Program, Trace
from engine.sandbox import landlock, seccomp
from engine.sandbox.level import judged
from engine.sandbox.readable import readable, safe
from engine.sandbox.retell import retold
from engine.sandbox.syscalls import ALLOWED, CHECKED
from engine.sandbox.system import ConfineError

PID = 4711
ALLOW, EPERM, ENOSYS, KILL, TRAP = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000, 0x00030000
KEPT = (3, 4096)  # descriptors that no program closes


def answer(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter says of a call: a small interpreter of the instructions it uses."""
    data = struct.pack(
        "=IIQ6Q",
        number & 0xFFFFFFFF,
        architecture or seccomp.MACHINES[machine][1],
        0,
        *[a & 2**64 - 1 for a in (*arguments, 0, 0, 0, 0, 0, 0)[:6]],
    )
    program, at, value = seccomp.filter_for(PID, machine, KEPT), 0, 0
    while True:
        code, if_true, if_false, constant = program[at]
        at += 1
        match code:
            case seccomp.LOAD:
                value = struct.unpack_from("=I", data, constant)[0]
            case seccomp.EQUAL:
                at += if_true if value == constant else if_false
            case seccomp.ABOVE:
                at += if_true if value > constant else if_false
            case seccomp.AT_LEAST:
                at += if_true if value >= constant else if_false
            case seccomp.ANY_BIT:
                at += if_true if value & constant else if_false
            case seccomp.RETURN:
                return constant
            case _:
                raise AssertionError(f"instruction {code:#x}")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_allows_what_is_listed_and_refuses_the_rest(machine: str) -> None:
    column = seccomp.MACHINES[machine][0]
    listed = {numbers[column] for numbers in ALLOWED.values()} - {None}
    checked = {numbers[column] for numbers in CHECKED.values()} - {None}
    for number in range(600):
        wanted = ALLOW if number in listed else ENOSYS if number >= 424 else EPERM
        if number not in checked:
            assert answer(machine, number) == wanted, number
    assert answer(machine, 0, architecture=0x40000003) == KILL  # int 0x80


@pytest.mark.parametrize(
    ("name", "arguments", "wanted"),
    [
        ("close", (2,), ALLOW),
        ("close", (3,), TRAP),
        ("close", (4096,), TRAP),
        ("close", (4097,), ALLOW),
        ("dup3", (5, 3, 0), TRAP),
        ("dup3", (3, 5, 0), ALLOW),
        ("close_range", (0, 2), ALLOW),
        ("close_range", (0, 3), TRAP),
        ("close_range", (3, 3), TRAP),
        ("close_range", (4, 4095), ALLOW),
        ("close_range", (4, 2**32 - 1), TRAP),
        ("close_range", (4097, 2**32 - 1), ALLOW),
        ("openat", (-100, 0, 0), ALLOW),
        ("openat", (-100, 0, 0o2000000), ALLOW),  # O_CLOEXEC
        ("openat", (-100, 0, 1), EPERM),
        ("openat", (-100, 0, 2), EPERM),
        ("openat", (-100, 0, 0o1000), EPERM),  # O_TRUNC with O_RDONLY
        ("openat", (-100, 0, 0o100), EPERM),
        ("openat", (-100, 0, 0o20200000), EPERM),  # O_TMPFILE
        ("kill", (PID, 9), ALLOW),
        ("kill", (0, 9), EPERM),
        ("kill", (-1, 9), EPERM),
        ("kill", (-PID, 9), EPERM),
        ("kill", (PID + 2**32, 9), ALLOW),  # the kernel looks at 32 bits, too
        ("tgkill", (PID + 1, PID + 1, 9), EPERM),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (1, 7), EPERM),
        ("prctl", (15,), ALLOW),
        ("prctl", (22, 2), EPERM),
        ("prctl", (4, 1), EPERM),
        ("ioctl", (0, 0x5412), EPERM),  # TIOCSTI
        ("fcntl", (0, 8, 1), EPERM),  # F_SETOWN: signals to another process
    ],
)
def test_arguments_decide(name: str, arguments: tuple[int, ...], wanted: int) -> None:
    for machine, (column, _) in seccomp.MACHINES.items():
        number = CHECKED[name][column]
        assert number is not None and answer(machine, number, *arguments) == wanted


def test_the_calls_of_the_x32_table_kill_and_an_unknown_machine_is_refused() -> None:
    assert answer("x86_64", 0x40000000) == KILL
    with pytest.raises(ConfineError, match="riscv64"):
        seccomp.filter_for(1, "riscv64")


def test_nothing_that_starts_writes_or_connects_is_listed() -> None:
    never = {
        "clone",
        "clone3",
        "fork",
        "vfork",
        "execve",
        "execveat",
        "socket",
        "connect",
        "bind",
        "ptrace",
        "unlink",
        "rename",
        "chmod",
        "chown",
        "mount",
        "bpf",
        "io_uring_setup",
        "memfd_create",
        "shmget",
        "setuid",
        "unshare",
        "process_vm_readv",
        "pidfd_open",
        "keyctl",
        "openat2",
        "creat",
        "truncate",
        "ftruncate",
        "setrlimit",
    }
    assert not never & (set(ALLOWED) | set(CHECKED))


def test_landlock_takes_away_all_rights_that_its_version_knows() -> None:
    sizes = {
        version: struct.unpack(f"={len(landlock.handled(version)) // 8}Q", landlock.handled(version))
        for version in range(1, 9)
    }
    assert sizes[1] == (0x1FFF,) and sizes[2] == (0x3FFF,) and sizes[3] == (0x7FFF,)
    assert sizes[4] == (0x7FFF, 3) and sizes[5] == (0xFFFF, 3) and sizes[6] == sizes[8] == (0xFFFF, 3, 3)


def test_folders_that_would_open_too_much_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/class/ada")
    assert safe(["/", "/srv", "/srv/class/ada", "/etc", "/tmp", "/root", "/usr/lib"]) == ("/usr/lib",)
    assert safe(["/srv/class/ada/.venv/lib"]) == ("/srv/class/ada/.venv/lib",)
    assert all(path.startswith("/") and path not in ("/", "/tmp") for path in readable())


@pytest.mark.parametrize(
    ("environment", "addresses", "policy"),
    [
        ({}, ["127.0.0.1"], "trusted"),
        ({}, ["127.0.0.1", "::1"], "trusted"),
        ({}, ["0.0.0.0"], "classroom"),
        ({}, ["::"], "classroom"),
        ({}, ["127.0.0.1", "192.168.1.5"], "classroom"),
        ({}, [], "classroom"),
        ({}, ["no address"], "classroom"),
        ({"BACKSTEP_POLICY": "Trusted"}, ["0.0.0.0"], "trusted"),
        ({"BACKSTEP_POLICY": "lessons-only"}, ["127.0.0.1"], "lessons-only"),
    ],
)
def test_the_policy_follows_the_setting_else_the_address(
    environment: dict[str, str], addresses: list[str], policy: str
) -> None:
    assert policy_from(environment, addresses) == policy


def test_a_policy_that_does_not_exist_is_an_error_that_names_those_that_do() -> None:
    with pytest.raises(PolicyError, match="trusted, classroom, lessons-only"):
        policy_from({"BACKSTEP_POLICY": "clasroom"}, ["127.0.0.1"])


def test_a_class_has_tighter_limits_than_oneself() -> None:
    assert limits_of("trusted") == Limits() and confinement_of("trusted", Limits()) is None
    assert limits_of("classroom") == limits_of("lessons-only") == CLASSROOM_LIMITS
    assert CLASSROOM_LIMITS.time_s < Limits().time_s
    confinement = confinement_of("classroom", CLASSROOM_LIMITS)
    assert confinement is not None and confinement.cpu_s > CLASSROOM_LIMITS.time_s


@pytest.mark.parametrize(
    ("kind", "message", "ending", "words"),
    [
        ("NotAllowed", "Writing files isn't allowed here ('a')", "denied", "Writing files isn't allowed here ('a')"),
        (
            "PermissionError",
            "[Errno 13] Permission denied: '/etc/passwd'",
            "denied",
            "Reading '/etc/passwd' isn't allowed here",
        ),
        (
            "PermissionError",
            "[Errno 1] Operation not permitted: 'a'",
            "denied",
            "Writing files isn't allowed here ('a')",
        ),
        ("RuntimeError", "can't start new thread", "denied", "Starting threads isn't allowed here"),
        ("RuntimeError", "mat1 and mat2 shapes", "error", "mat1 and mat2 shapes"),
        ("ValueError", "[Errno 13] Permission denied: 'x'", "error", "[Errno 13] Permission denied: 'x'"),
    ],
)
def test_what_the_kernel_refused_is_told_in_words(kind: str, message: str, ending: str, words: str) -> None:
    told = retold(Finished("error", Failure(kind, message, 3, "forward")), Confinement())
    assert told.failure is not None
    assert (told.ending, told.failure.message, told.failure.line) == (ending, words, 3)


def test_the_limit_on_memory_is_named() -> None:
    told = retold(Finished("memory", Failure("MemoryError", "", 3, "forward")), Confinement(memory_bytes=256_000_000))
    assert told.failure is not None and "more memory than one run may use (256 MB)" in told.failure.message


def test_nothing_is_promised_where_a_probe_worked_or_could_not_be_asked() -> None:
    program = Program("")
    assert judged(Trace(program, "ok", stdout="contained\n")).level == "enforced"
    leaky = judged(Trace(program, "ok", stdout="read,fork\n"))
    assert (leaky.level, leaky.worked) == ("soft", ("read", "fork"))
    assert judged(Trace(program, "ok", stdout="")).level == "soft"
    refused = judged(Trace(program, "sandbox", failure=Failure("Stopped", "not confined", None, "limit")))
    assert (refused.level, refused.reason) == ("soft", "not confined")
