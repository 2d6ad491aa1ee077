# title: looks for the server's environment: os.environ, libc's, the process's own stack
# expect: ok
# stdout: contained
import ctypes, os
found = [n for n in os.environ if n.startswith("BACKSTEP")]
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
found += [n for n in (b"BACKSTEP_CANARY", b"BACKSTEP_POLICY") if libc.getenv(n)]
libc.getauxval.restype = ctypes.c_size_t
executable = libc.getauxval(31)   # AT_EXECFN: the last string above the environment
word = b"BACKSTEP" + b"_CANARY"
if word in ctypes.string_at(executable - 3000, 3000): found.append("stack")
print("contained" if not found else "ESCAPED", found)
