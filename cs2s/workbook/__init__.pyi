from .model import workbook_predictor as workbook_predictor
from .model import workbook_run as workbook_run
from .opening import begin as begin
from .opening import motion_data as motion_data
from .opening import show as show
from .opening import slider_picture as slider_picture
from .stand_in import perform as perform
from .stand_in import save_as_elsewhere as save_as_elsewhere
