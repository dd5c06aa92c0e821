"""The command line: nouns with verbs, data on stdout, one line for every error."""
