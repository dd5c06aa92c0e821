"""What comes back by mail after a delivery was accepted: taken in, understood, recorded; never answered."""
