"""The configuration file: its shape, its loading with located faults, its conversion to the model.

``load.load_config`` is the way in; ``report.render_faults`` puts faults into words with file, line and caret.
"""
