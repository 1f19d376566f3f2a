"""Texts of our own for the identity tests."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)

BLAST_TITLE = "Explosion in Dehdadi district kills one"
BLAST = (
    "An explosion in a residential house in Hamdard village of Dehdadi district killed at least one person and injured "
    "another on Tuesday evening, local sources in the northern province of Balkh said. Residents heard a loud bang "
    "shortly after the evening prayer and saw smoke above the roofs. Three neighbours with light wounds left the "
    "clinic on their own feet. The security command of the province said that men inside the house had been "
    "assembling a device when it went off, and that both the dead man and the injured one came from Kashanda district. "
    "It gave no evidence for the claim. Roads around the village were closed for two hours while a team searched the "
    "ruins. Shopkeepers in nearby Mazar-e-Sharif said that windows had trembled as far as the ring road. The province "
    "saw several blasts last year, most of them near places of worship."
)
RAIN_TITLE = "Heavy rain floods the lower town of Herat"
RAIN = (
    "Heavy rain that fell through the night flooded streets and cellars in the lower town of Herat, officials of the "
    "western province said on Wednesday. Some 140 families left their homes for a school on higher ground. The water "
    "carried away two footbridges and a row of market stalls, and the road to Islam Qala was cut in three places. "
    "Engineers opened a sluice above the city to lower the reservoir. The weather service expects more showers until "
    "Friday and asks people to keep away from the river banks. Aid groups brought blankets, bread and stoves."
)
