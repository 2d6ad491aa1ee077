# title: System V shared memory, semaphores, queues; POSIX queues and semaphores
# expect: ok
# stdout: contained
import ctypes
lib = ctypes.CDLL(None, use_errno=True)
rs = [lib.shmget(0, 10**8, 0o1666), lib.semget(0, 10, 0o1666), lib.msgget(0, 0o1666), lib.mq_open(b"/x", 0o102, 0o666, None)]
lib.sem_open.restype = ctypes.c_long
rs.append(-1 if lib.sem_open(b"/backstep-x", 0o100, 0o666, 1) in (0, -1) else 1)
print("contained" if max(rs) < 0 else "ESCAPED", rs)
