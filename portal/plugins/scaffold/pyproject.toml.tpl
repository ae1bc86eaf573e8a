[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"
