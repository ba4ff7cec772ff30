"""What an incoming event costs Lärträff, beside what it costs a bare echo of the platform's own library."""
