"""Station "Texte erzeugen": recipes for texts, and promises that the program keeps."""
