# title: sleeps for an hour
# expect: timeout
# message: still running after
import time
time.sleep(3600)   # <- line to report
