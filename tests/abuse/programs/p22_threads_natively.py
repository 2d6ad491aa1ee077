# title: pthread_create through libc, and _thread
# expect: denied
# message: Starting threads isn't allowed
import _thread, ctypes
lib = ctypes.CDLL(None)
t = ctypes.c_ulong(0)
print("ESCAPED" if lib.pthread_create(ctypes.byref(t), None, lib.getpid, None) == 0 else "refused")
_thread.start_new_thread(print, ("ESCAPED",))
