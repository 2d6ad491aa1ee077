# title: fetches a page (honest use)
# expect: denied
# message: Network connections aren't available
import urllib.request
urllib.request.urlopen("http://127.0.0.1:8501/healthz")   # <- line to report
