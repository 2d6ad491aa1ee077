# title: announces a long frame and never sends the rest
# expect: ok|sandbox|vanished
import os, struct
os.write(3, struct.pack("<I", 10**6) + b"x")
