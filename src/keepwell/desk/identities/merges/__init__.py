"""合并历史: what was joined and parted, and can it be parted again?"""
