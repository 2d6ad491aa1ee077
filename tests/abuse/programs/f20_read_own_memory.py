# title: /proc/self, by path, by descriptor, by thread
# expect: ok
# stdout: contained
import os
opened = []
for path in ("/proc/self/mem", "/proc/self/maps", "/proc/self/environ", "/proc/thread-self/cmdline", "/proc/self/root/etc/passwd",
             "/proc/self/cwd/etc/passwd", "/proc/1/environ", "/proc/cpuinfo", "/proc/net/tcp", "/sys/kernel/notes"):
    try: opened.append((path, open(path, "rb").read(1)))
    except OSError: pass
print("contained" if not opened else "ESCAPED", opened)
