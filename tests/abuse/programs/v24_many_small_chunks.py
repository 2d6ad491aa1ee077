# title: millions of short names and losses in many events
# expect: toobig|sandbox
import os, struct
import msgspec
def send(body):
    data = memoryview(struct.pack("<I", len(body)) + body)
    while data: data = data[os.write(3, data):]
body = b"\x84\xa4type\xa5chunk\xa7tensors\x91\x83\xa5shape\x90\xa5dtype\xa0\xa6device\xa0" + b"\xa5names\xdc\x40\x00" + b"\x92\x00\xa0" * 0x4000 + b"\xaclater_losses\xdc\x40\x00" + b"\x92\xc0\xc0" * 0x4000
while True: send(body)
