"""存量整改 and 资料质量: whose data must be mended, by when, and what is worth most?"""
