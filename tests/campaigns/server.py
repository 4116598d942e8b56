"""Campaign: the PostgreSQL server dies under load and comes back, again and again; the serving process stays.

It is killed (postmaster and children at once), stopped immediately, or stopped as an operator would. Claimed: every
caller gets an answer, and whoever got none that decides asks again with the same key until one does; the same writer
goes on once the server is back; nothing that was acknowledged is lost, nothing is done twice, the books are right.
"""

import time
from collections import Counter
from itertools import cycle, islice

from campaigns import scene as scenes
from campaigns.campaign import Figures, Trial
from campaigns.cluster import Cluster
from campaigns.databases import migrated
from campaigns.orders import orders
from campaigns.service import Service

LOAD_SECONDS = 0.5
DOWN_SECONDS = 0.4


def server(trial: Trial) -> Figures:
    cluster = Cluster(trial.folder / "server")
    cluster.start()
    try:
        scene = scenes.build(migrated(cluster.url()))
        service = Service(cluster.url(), orders(scene, trial.seed), trial.folder)
        deaths = _die_and_return(trial, cluster, service)
        return {**deaths, **service.finish()}
    finally:
        cluster.kill()


def _die_and_return(trial: Trial, cluster: Cluster, service: Service) -> Figures:
    chance, counted = trial.chance("deaths"), Counter[str]()
    deaths = (cluster.kill, cluster.stop_immediately, cluster.stop)
    service.start()
    for die in islice(cycle(deaths), trial.times):
        time.sleep(chance.uniform(0, LOAD_SECONDS))
        die()
        counted[f"deaths by {die.__name__}"] += 1
        time.sleep(chance.uniform(0, DOWN_SECONDS))
        cluster.start()
        service.come_back()
        trial.step(1)
    return counted
