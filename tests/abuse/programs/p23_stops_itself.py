# title: stops itself by SIGSTOP, so that no alarm reaches it
# expect: timeout
# message: didn't finish within
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
