"""What comes back by mail: taken in, understood, recorded on its delivery; never answered."""
