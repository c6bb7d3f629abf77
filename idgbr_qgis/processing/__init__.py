"""The plugin's Processing provider and its algorithms; free of dialogs, so they run in qgis_process."""
