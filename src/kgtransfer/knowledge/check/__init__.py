"""What is wrong or doubtful in an ontology."""
