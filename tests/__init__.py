"""The tests: unit, integration, journeys in a real browser, and the benches."""
