# title: leaves by os._exit
# expect: vanished
import os
os._exit(0)
