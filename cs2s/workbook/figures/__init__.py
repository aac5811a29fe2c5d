"""The pictures of each chapter, in a module that is called after it, from ``notebooks/01_motion_data`` on."""
