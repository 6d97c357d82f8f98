"""One cycle of the collector, and the process that runs it every few minutes. May import networks, gate and warehouse.

cycle.py calls each step once, in this order, and hands on what the one before returned (context.py):

    persist.sync_decisions    what people decided goes into the warehouse first
    cycle_state.load_state    what the collector knows of the past
    planner.plan              what is due now, most urgent first
    fetch.fetch_all           the network, one thread per server
    cycle_state.load_held_posts   what the warehouse holds of the posts that were named
    evaluate.evaluate_batches     gate, keyed rows, and when to look again (revisits.py, refresh_schedule.py)
    persist.persist_cycle     one transaction: store, then the models
    publish                   a new snapshot for the dashboard

From plan to evaluate it goes round until nothing more has become due. process.py and scheduler.py run it.
"""
