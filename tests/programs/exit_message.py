import sys
sys.exit("leaving: 再见")
