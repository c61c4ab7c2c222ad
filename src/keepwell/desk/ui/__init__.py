"""How does every page look, speak and answer? Base page, components, formats, navigation; imports no room."""
