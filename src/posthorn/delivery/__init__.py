"""How documents get there: plans, lanes, attempts, proof."""
