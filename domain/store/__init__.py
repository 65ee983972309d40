"""How truth is kept: the office, one repository per noun, migrations."""
