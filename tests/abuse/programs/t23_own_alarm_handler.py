# title: takes the alarm for itself and loops
# expect: timeout
# message: didn't finish within
import signal
signal.signal(signal.SIGALRM, lambda *a: None)
while True: pass
