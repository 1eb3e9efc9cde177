"""The words of the domain. Plain Python: no Flask, no SQL, no frames."""
