# title: opens a readable library file with O_RDONLY|O_TRUNC (would empty it where the account owns the virtual environment and Landlock is older than ABI 3)
# expect: ok
# stdout: contained
import torch
import ctypes
lib = ctypes.CDLL(None, use_errno=True)
r = [lib.open(torch.__file__.encode() + b".sandbox-canary", 0o1000), lib.open(b"/var/tmp/backstep-canary.txt", 0o1000)]
print("contained" if max(r) < 0 else "ESCAPED", r)
