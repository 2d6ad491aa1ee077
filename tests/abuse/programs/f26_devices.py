# title: devices: the disk, the console, memory, random seeds
# expect: ok
# stdout: contained
import os
opened = []
for path in ("/dev/sda", "/dev/vda", "/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/console", "/dev/ptmx", "/dev/fuse", "/dev/kvm", "/dev/shm", "/dev/loop0"):
    try: opened.append((path, os.open(path, os.O_RDONLY)))
    except OSError: pass
print("contained" if not opened else "ESCAPED", opened)
