# title: an O_PATH descriptor of a forbidden file, reopened; dot-dot out of an allowed folder; a descriptor of "/"
# expect: ok
# stdout: contained
import os, torch
got = []
def attempt(name, do):
    try: got.append((name, do()))
    except OSError: pass
def reopen():
    fd = os.open("/etc/passwd", os.O_PATH)
    return os.read(os.open(f"/proc/self/fd/{fd}", os.O_RDONLY), 1)
attempt("reopen", reopen)
attempt("read", lambda: os.read(os.open("/etc/passwd", os.O_PATH), 1))
folder = os.path.dirname(torch.__file__)
attempt("dots", lambda: open(folder + "/../../../../../../../../../etc/passwd").read(1))
attempt("at", lambda: os.read(os.open("etc/passwd", os.O_RDONLY, dir_fd=os.open("/", os.O_PATH)), 1))
attempt("list", lambda: os.listdir(os.open("/", os.O_PATH)))
print("contained" if not got else "ESCAPED", got)
