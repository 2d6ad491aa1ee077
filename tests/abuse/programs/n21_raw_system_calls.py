# title: network and kernel services by raw system calls: io_uring, bpf, perf, keys, userfaultfd, pidfd, landlock, seccomp, clone3
# expect: ok
# stdout: contained
import ctypes, os, platform
lib = ctypes.CDLL(None, use_errno=True)
new = [425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 435, 438, 440, 442, 443, 444, 445, 446, 447, 448, 450, 451, 452, 453, 460, 463]
old = [41, 42, 43, 44, 46, 49, 50, 53, 56, 57, 58, 59, 101, 103, 133, 139, 153, 155, 161, 165, 166, 169, 172, 175, 246, 248, 249, 250, 272,
       279, 298, 300, 304, 308, 310, 311, 312, 317, 319, 320, 321, 322, 323, 329, 330]
numbers = new + (old if platform.machine() == "x86_64" else [])
got = [n for n in numbers if lib.syscall(n, 0, 0, 0, 0, 0, 0) >= 0]
print("contained" if not got else "ESCAPED", got)
