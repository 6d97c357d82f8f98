"""One cycle of the collector: planner → fetch → evaluate → persist → publish; and the process that runs it every few minutes.

May import the networks, the gate and the warehouse.
"""
