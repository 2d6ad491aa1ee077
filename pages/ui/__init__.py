"""The app's own code, one folder for each feature; ``pages/*.py`` are the pages themselves."""
