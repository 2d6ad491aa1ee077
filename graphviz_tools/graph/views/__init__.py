"""The pictures of one recording: backward, combined, flow."""
