# title: names that are no text, and a live update that says that it is a chunk
# expect: sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
import time
send(b"\x82\xa4type\xa4live\xa4type\xa5chunk" if os.getpid() % 2 else b"\x82\xa4type\xa5chunk\xa8storages\x91\x82\xaasize_bytes\x01\xa6device\xa2\x80\x80")
time.sleep(60)
