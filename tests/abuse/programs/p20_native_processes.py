# title: fork, vfork, clone, posix_spawn and exec through libc
# expect: ok
# stdout: contained
import ctypes, os
lib = ctypes.CDLL(None, use_errno=True)
pid = ctypes.c_int(0)
argv = (ctypes.c_char_p * 2)(b"/bin/true", None)
rs = [lib.fork(), lib.execv(b"/bin/true", argv)]
spawned = lib.posix_spawn(ctypes.byref(pid), b"/bin/true", None, None, argv, None)
print("contained" if max(rs) < 0 and spawned != 0 else "ESCAPED", rs, spawned)
