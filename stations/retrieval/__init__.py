"""Station 09: own documents searched by meaning, answered with the passages they rest on."""
