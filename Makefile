# One command sets everything up: `make demo` and `make test` install what is missing into .venv first.

VENV := .venv
# Where a virtual environment keeps its programs.
PROGRAMS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(PROGRAMS)
READY := $(VENV)/.installed
PYTEST := python -m pytest
FAST := -m "not slow" tests
# What data/experiments.toml describes under these names.
EXPERIMENTS := demo results ablations changes predictors single steps critic

.DEFAULT_GOAL := help
.PHONY: help $(EXPERIMENTS) figures lab book student graded test break coverage lane notebooks lint constraints clean

help:
	@echo "make demo       set up, predict and draw, train a few minutes on synthetic motion, draw that prediction, too"
	@echo "make lab        set up and open JupyterLab on chapter 0"
	@echo "make test       set up and pass all tests, notebooks included (half an hour on two cores)"
	@echo "make break      ten minutes of damaged files, full disks, hostile servers and kills, and what became of each"
	@echo "make coverage   run the fast tests and list the lines that none of them reaches"
	@echo "make lane       run the fast tests with another TensorFlow: make lane TF=2.18 PYTHON=python3.12 LOWEST=1"
	@echo "make lint       check format, style and types"
	@echo "make book       build the book and the page that predicts into book/_build/html (a minute; needs no network)"
	@echo "make student    write the chapters without their solutions into classroom/student"
	@echo "make graded     write them into classroom/graded as nbgrader takes them, with points that the checks give"
	@echo "make notebooks  write every .ipynb anew from its .py and run it (after make demo)"
	@echo "make results    train on the CMU data and write the numbers that chapters quote (most of an hour)"
	@echo "make ablations  train the paper's model and variants of it on the CMU data (hours)"
	@echo "make changes    take our changes to the training back, one in each run (most of an hour)"
	@echo "make predictors train all predictors on the CMU data, three seeds each (hours), and measure them"
	@echo "make single     train the single small model on the CMU data, three seeds (an hour and a half), and measure it"
	@echo "make steps      take steps towards the single model back, one in each run, three seeds (an hour and a half)"
	@echo "make critic     train with critics of several weights, and measure how hard each pulls (over an hour; 8 GB)"
	@echo "make figures    draw the pictures in figures/ anew"
	@echo "make clean      remove .venv, the lanes and what make demo made"

# The first of these Pythons that is one of 3.11 to 3.13.
$(READY): pyproject.toml constraints.txt
	@set -e; found=; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    found=$$python; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then echo "cs2s needs Python 3.11, 3.12 or 3.13; install one or name it: make PYTHON=/path/to/python" >&2; exit 1; fi; \
	echo "setting up $(VENV) with $$($$found --version): this once, hundreds of MB to fetch, TensorFlow the largest"; \
	$$found -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv; \
	$(BIN)/uv pip install --python $(BIN)/python -c constraints.txt -e '.[cpu,lab,book,test]'
	@touch $@
	@echo "set up"

# Each can be interrupted at any moment, and goes on where it was. What each does: cs2s experiments NAME --list
$(EXPERIMENTS) figures: $(READY)
	$(BIN)/cs2s experiments $@

lab: $(READY)
	$(BIN)/jupyter lab notebooks/00_quickstart.ipynb

# TensorFlow keeps about 120 MB of every training that a process has traced. So each folder of tests is a process of its
# own, and so is each file of those that train much; two at a time, where make can keep what they print apart.
TRAINING_MUCH := tests/cli/ tests/networks/ tests/training/
FOLDERS := $(sort $(dir $(wildcard tests/*/test_*.py)))
PARTS := notebooks tests/notebooks/ $(wildcard $(TRAINING_MUCH:%=%test_*.py)) $(filter-out tests/notebooks/ $(TRAINING_MUCH),$(FOLDERS)) $(wildcard tests/test_*.py)
test: $(READY)
	@echo "all tests, part by part, two parts at a time: half an hour on two cores; each part shows itself when it is done"
	$(MAKE) --no-print-directory lint
	$(MAKE) --keep-going --no-print-directory $(if $(filter output-sync,$(.FEATURES)),--jobs=2 --output-sync=target) $(PARTS:%=%.part)

# A thread each: two parts share two cores.
%.part:
	CS2S_PROFILE=smoke TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 $(BIN)/$(PYTEST) --nbval-lax --nbval-current-env -q $*

# No part of the tests: what it finds in its time depends on the machine. SEED=2 tries other damage.
break: $(READY)
	$(BIN)/python tests/worst_hour/campaign.py --seconds 570 --seed $(or $(SEED),0)

coverage: $(READY)
	$(BIN)/$(PYTEST) --cov --cov-report=term $(FAST)

# Another TensorFlow or Python, in an environment of its own; with LOWEST=1 the oldest packages that pyproject.toml
# allows, else the newest.
TF := 2.21
LANE := .lanes/tensorflow-$(TF)$(if $(LOWEST),-lowest)
lane:
	$(or $(PYTHON),python3) -m venv --clear $(LANE)
	$(LANE)/$(PROGRAMS)/python -m pip install --quiet uv
	printf 'tensorflow==$(TF).*\ntensorflow-cpu==$(TF).*\n' > $(LANE)/tensorflow.txt
	$(LANE)/$(PROGRAMS)/uv pip install --quiet --python $(LANE)/$(PROGRAMS)/python -c $(LANE)/tensorflow.txt \
	  $(if $(LOWEST),--resolution lowest-direct) -e '.[cpu,lab,test]'
	$(LANE)/$(PROGRAMS)/$(PYTEST) $(FAST)

# What has not changed is not made anew; --fresh makes everything.
book: $(READY)
	$(BIN)/python book/build.py

# What is there already is kept; remove the folder to have it anew.
student: $(READY)
	$(BIN)/cs2s notebooks --to classroom/student --for students

graded: $(READY)
	$(BIN)/cs2s notebooks --to classroom/graded --for nbgrader

notebooks: $(READY)
	$(BIN)/python notebooks/build.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Pins for a reproducible set-up, without the address of any registry.
constraints: $(READY)
	$(BIN)/uv pip compile --quiet --universal --upgrade --all-extras --python-version 3.11 \
	  --no-header --no-annotate pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) .lanes book/_build runs/demo runs/demo-pictures
