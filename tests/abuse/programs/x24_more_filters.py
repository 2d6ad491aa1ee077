# title: installs a filter of its own that lies to the recorder (errno 0 for every write)
# expect: ok
# stdout: contained
import ctypes, struct
lib = ctypes.CDLL(None, use_errno=True)
code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x00050000))
head = ctypes.create_string_buffer(struct.pack("@HP", 1, ctypes.addressof(code)))
rs = [lib.prctl(22, 2, head, 0, 0), lib.syscall(317, 1, 0, head)]
print("contained" if max(rs) < 0 else "ESCAPED", rs)
