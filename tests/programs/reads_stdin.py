import sys
print(input("name? "), sys.stdin.read())
