# title: shell command
# expect: denied
# message: Starting other programs isn't allowed
import os
os.system("touch /var/tmp/ESCAPED; rm -rf /var/tmp/backstep-canary*")
