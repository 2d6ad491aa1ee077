# title: says again and again that it has just started, so that its time begins anew
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
import signal, time
signal.setitimer(signal.ITIMER_REAL, 0); signal.signal(signal.SIGALRM, signal.SIG_IGN)
while True: send(msgspec.msgpack.encode({"type": "started", "environment": {"python": "3", "torch": "2"}})); time.sleep(0.2)
