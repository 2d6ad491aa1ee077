"""Words and pictures of strangers' recordings, made in processes that can be ended."""
