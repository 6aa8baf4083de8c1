"""How long matters like this took so far: learnt each night from the city's own history, told with care, held against what came."""
