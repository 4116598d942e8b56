"""What is counted of a running app, in a registry of its own, for Prometheus to fetch."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # Slack waits three seconds.


class Metrics:
    """``kind`` is a delivery's: command, action, view, event, shortcut, message_action."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = Counter(
            "futarchy_deliveries",
            "Deliveries from Slack, by what became of them: answered, refused, fault.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.acks = Histogram(
            "futarchy_ack_seconds",
            "From a delivery's arrival at the door to its answer.",
            ["kind"],
            registry=self.registry,
            buckets=ACK_BUCKETS,
        )
        self.announcements = Counter(
            "futarchy_announcements",
            "What was to be told in Slack, by what became of it: told, postponed, given_up.",
            ["outcome"],
            registry=self.registry,
        )
        self.acts = Counter(
            "futarchy_due_acts",
            "What the heartbeat did because it was due: done, failed.",
            ["act", "outcome"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "futarchy_writer_waiting", "Requests that wait for the writer.", registry=self.registry
        )
        self.age = Gauge(
            "futarchy_writer_age_seconds",
            "How long the oldest request that is being answered has waited.",
            registry=self.registry,
        )
