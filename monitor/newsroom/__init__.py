"""The newsroom of ``seeds/``: invented outlets, served over real HTTP on loopback, each by a simulated clock.

Everything is deterministic: what an outlet serves is a function of the seeds and of the instant.
"""
