from .film import plot_frame as plot_frame
from .film import save_animation as save_animation
from .film_strip import plot_film_strip as plot_film_strip
from .player import player as player
from .player import player_page as player_page
from .style import CURVES as CURVES
from .style import GUESS as GUESS
from .style import TRUTH as TRUTH
