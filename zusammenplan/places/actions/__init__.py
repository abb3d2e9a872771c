"""What is done with areas: the list, their versions, changes of territory, imports."""
