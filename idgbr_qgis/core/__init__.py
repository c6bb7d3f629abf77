"""Parts of the plugin that need neither its dialogs nor its algorithms."""
