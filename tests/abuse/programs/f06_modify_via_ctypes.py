# title: unlink, rename, truncate, chmod, chown, utimes, xattr, link, mkdir through libc (Landlock alone doesn't cover chmod, chown, utimes; before ABI 3 not truncate)
# expect: ok
# stdout: contained
import ctypes
lib = ctypes.CDLL(None, use_errno=True)
c = b"/var/tmp/backstep-canary.txt"; d = b"/var/tmp/backstep-canary"
rs = [lib.unlink(c), lib.rename(c, d + b"/x"), lib.truncate(c, 0), lib.chmod(c, 0), lib.chmod(d, 0), lib.chown(c, 10001, 10001), lib.utimes(c, None),
      lib.setxattr(c, b"user.x", b"1", 1, 0), lib.link(c, d + b"/y"), lib.symlink(c, d + b"/z"), lib.mkdir(d + b"/w", 0o777), lib.mkfifo(d + b"/v", 0o666),
      lib.open(c, 1), lib.open(c, 2), lib.open(c, 0o1000), lib.open(d + b"/new", 0o102, 0o666), lib.open(b"/tmp", 0o20200002, 0o600), lib.creat(d + b"/n2", 0o666),
      lib.rmdir(d), lib.syscall(452, -100, c, 0, 0)]
print("contained" if max(rs) < 0 else "ESCAPED", rs)
