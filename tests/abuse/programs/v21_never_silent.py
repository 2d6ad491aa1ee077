# title: talks without a pause past its time, so that nobody looks at the clock
# expect: timeout|sandbox|toobig
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
import signal, time
signal.setitimer(signal.ITIMER_REAL, 0); signal.signal(signal.SIGALRM, signal.SIG_IGN)
while True: send(msgspec.msgpack.encode({"type": "live"})); print(end=".", flush=True); time.sleep(0.01)
