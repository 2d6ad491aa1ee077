# title: tries to leave its session and group, to change priority, to be traced
# expect: ok
# stdout: contained
import ctypes, os
lib = ctypes.CDLL(None, use_errno=True)
rs = [lib.setpgid(0, os.getppid()), lib.setpriority(0, 0, -20), lib.setpriority(2, 0, -20), lib.nice(-20) if os.getuid() else -1,
      lib.ptrace(0, 0, 0, 0), lib.prctl(4, 1, 0, 0, 0), lib.prctl(1, 0, 0, 0, 0), lib.prctl(38, 0, 0, 0, 0), lib.prctl(22, 1, 0, 0, 0)]
print("contained" if max(rs) < 0 else "ESCAPED", rs)
