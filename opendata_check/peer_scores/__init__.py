"""The scores that data.gouv.fr, Europe and others give, worked out from the same facts by their published rules."""

from opendata_check.peer_scores.cards import card
from opendata_check.peer_scores.rules import PeerRule, gestures, peer_rules
from opendata_check.peer_scores.totals import one_score, scores

__all__ = ["PeerRule", "card", "gestures", "one_score", "peer_rules", "scores"]
