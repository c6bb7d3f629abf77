"""A refiner that sees both dates of a change, trained and compared with the one that ships."""
