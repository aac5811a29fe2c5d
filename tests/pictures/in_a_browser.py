"""What tests of pages in a browser share."""

DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two animation frames later everything asked for has been drawn."""
