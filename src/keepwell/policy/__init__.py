"""The numbers people sign: rule packs and calendars, loaded, type-checked and dated; standard library only."""
