# title: ends itself by SIGKILL
# expect: vanished|crash
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
