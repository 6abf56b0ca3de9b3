"""Pages for whoever runs the service and answers for its figures."""
