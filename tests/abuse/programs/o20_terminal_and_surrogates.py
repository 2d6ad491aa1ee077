# title: prints terminal escapes, null bytes, lone surrogates, broken UTF-8
# expect: ok|error
import os, sys
sys.stdout.write("\x1b[2J\x1b]0;owned\x07\x00\u202e<script>alert(1)</script>\n")
os.write(1, b"\xff\xfe\x80" * 100)
print("\ud800")
