# title: the server's own code, its repository, its logs, other accounts
# expect: ok
# stdout: contained
import glob, os, sys
here = [f.co_filename for f in (sys._getframe(i).f_code for i in range(4)) if f.co_filename.endswith("recorder.py")]
root = here[0].rpartition("/engine/")[0] if here else "/"
read = []
for path in (root + "/streamlit_app.py", root + "/.git/HEAD", root + "/engine/contract/codec.py", "/etc/shadow", "/etc/hostname", "/root/.bashrc",
             "/var/log/dpkg.log", "/etc/ssl/openssl.cnf"):
    try: read.append((path, open(path).read(1)))
    except OSError: pass
read += glob.glob("/home/*") + glob.glob("/tmp/*") + glob.glob("/var/tmp/*")
print("contained" if not read else "ESCAPED", read)
