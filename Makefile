# One command sets everything up: `make demo` and `make test` install what is missing into .venv first.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
RUN := runs/demo
DEMO_SETTINGS := --iterations 600 --batch-size 8 --learning-rate 1e-3 --learning-rate-decay 0.3 --decay-interval 200 --window-length 16 --output-length 10 --checkpoint-interval 200
CMU_SETTINGS := --iterations 1500 --learning-rate 3e-4 --checkpoint-interval 250
# Train the run $(1) with the settings $(2), or go on where it was interrupted.
train = $(BIN)/cs2s train --run $(1) $(if $(wildcard $(1)/run.json),--resume,$(2))

.DEFAULT_GOAL := help
.PHONY: help demo lab test notebooks results ablations changes predictors figures lint constraints clean

help:
	@echo "make demo       set up, train a few minutes on synthetic motion, print errors, draw a prediction"
	@echo "make lab        set up and open JupyterLab on chapter 0"
	@echo "make test       set up and pass all tests, notebooks included"
	@echo "make notebooks  write every .ipynb anew from its .py and run it (after make demo)"
	@echo "make results    train on the CMU data and write the numbers that chapters quote (most of an hour)"
	@echo "make ablations  train the paper's model and variants of it on the CMU data (hours)"
	@echo "make changes    take our changes to the training back, one in each run (most of an hour)"
	@echo "make predictors train all predictors on the CMU data, three seeds each (hours), and measure them"
	@echo "make figures    draw the pictures in figures/ anew (after make demo)"
	@echo "make lint       check format and style"
	@echo "make clean      remove .venv and the demo run"

# The first of these Pythons that is one of 3.11 to 3.13.
$(READY): pyproject.toml constraints.txt
	@set -e; found=; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    found=$$python; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then echo "cs2s needs Python 3.11, 3.12 or 3.13; install one or name it: make PYTHON=/path/to/python" >&2; exit 1; fi; \
	echo "setting up $(VENV) with $$($$found --version)"; \
	$$found -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet uv; \
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[cpu,lab,test]'
	@touch $@

demo: $(READY)
	$(call train,$(RUN),--dataset demo $(DEMO_SETTINGS))
	$(BIN)/cs2s sample --run $(RUN) --out $(RUN)/samples.h5
	$(BIN)/cs2s evaluate --dataset demo --predictor zero-velocity --predictor running-average-2 \
	  --predictor running-average-4 --predictor $(RUN)
	$(BIN)/cs2s animate $(RUN)/samples.h5 --action walking --sample 4 --out $(RUN)/walking.gif
	@echo
	@echo "Look at $(RUN)/walking.gif: the model's prediction beside what really happened."
	@echo "Next: 'make lab' opens the workbook on chapter 0."

lab: $(READY)
	$(BIN)/jupyter lab notebooks/00_quickstart.ipynb

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	CS2S_PROFILE=smoke $(BIN)/python -m pytest --nbval-lax --nbval-current-env tests notebooks

notebooks: $(READY)
	$(BIN)/python notebooks/build.py

# The numbers in data/results: of the main job on CMU, where the CMU data have been downloaded.
results: $(READY)
	$(call train,runs/cmu,--dataset cmu $(CMU_SETTINGS))
	$(BIN)/cs2s evaluate --dataset cmu --predictor zero-velocity --predictor running-average-2 \
	  --predictor running-average-4 --predictor runs/cmu --json data/results/cmu_main_job.json
	cp runs/cmu/history.csv data/results/cmu_main_job_history.csv
	$(BIN)/cs2s data info cmu --json data/results/cmu_data_info.json
	$(BIN)/python -c "import json; from cs2s.error_figures import window_study; from cs2s.loading import load; \
	  from cs2s.provenance import made_by; cmu = load('cmu'); \
	  made_from = {**made_by(missing=list(cmu.missing)), 'command': 'make results'}; \
	  print(json.dumps({**window_study(cmu), 'made_from': made_from}))" > data/results/cmu_window_study.json
	$(BIN)/cs2s results

# The paper's network with three seeds, with parts taken away, and with quirks mended; all as long as the main job, measured
# on validation windows. The rate falls, so that what is measured hangs less on the iteration at which training stops.
ABLATION := --dataset cmu --iterations 1500 --learning-rate 5e-4 --learning-rate-decay 0.3 --decay-interval 500 --checkpoint-interval 250 --watch validation
ablations: $(READY)
	$(call train,runs/ablation-paper,$(ABLATION))
	$(call train,runs/ablation-no-long-term,$(ABLATION) --preset no-long-term)
	$(call train,runs/ablation-no-gan,$(ABLATION) --gan-loss-weight 0)
	$(call train,runs/ablation-teacher-forcing,$(ABLATION) --sampling 0)
	$(call train,runs/ablation-window-8,$(ABLATION) --window-length 8)
	$(call train,runs/ablation-another-seed,$(ABLATION) --seed 1)
	$(call train,runs/ablation-third-seed,$(ABLATION) --seed 2)
	$(call train,runs/ablation-corrected,$(ABLATION) --preset corrected)
	$(BIN)/cs2s results runs/ablation-*

# What each change to the paper's training gives: the small model with all of them, and with one (or two) taken back in each run.
CHANGE := --dataset cmu --watch validation --checkpoint-interval 400
SMALL_MODEL := --preset dct-mlp --iterations 1200
ALIGNED := --preset aligned-conv --iterations 2500
changes: $(READY)
	$(call train,runs/change-none-taken-back,$(CHANGE) $(SMALL_MODEL))
	$(call train,runs/change-another-seed,$(CHANGE) $(SMALL_MODEL) --seed 1)
	$(call train,runs/change-t-pose-kept,$(CHANGE) $(SMALL_MODEL) --t-pose kept)
	$(call train,runs/change-even-rows-only,$(CHANGE) $(SMALL_MODEL) --rows even)
	$(call train,runs/change-no-mirror,$(CHANGE) $(SMALL_MODEL) --mirror 0)
	$(call train,runs/change-late-frames-rule,$(CHANGE) $(SMALL_MODEL) --loss absolute)
	$(call train,runs/change-squared-loss,$(CHANGE) $(SMALL_MODEL) --loss squared)
	$(call train,runs/change-last-weights,$(CHANGE) $(SMALL_MODEL) --averaging 0)
	$(call train,runs/change-constant-rate,$(CHANGE) $(SMALL_MODEL) --schedule staircase)
	$(call train,runs/change-no-weight-decay,$(CHANGE) $(SMALL_MODEL) --weight-decay 0)
	$(call train,runs/change-aligned-none-taken-back,$(CHANGE) $(ALIGNED))
	$(call train,runs/change-aligned-late-frames-rule,$(CHANGE) $(ALIGNED) --loss absolute)
	$(BIN)/cs2s results runs/change-*

# Our own predictors and the paper's, three seeds each, on the CMU data; every table from what they measure. The paper's
# model takes hours: all its seeds go 6,000 iterations and the first one on to 20,000. Interrupt it, and make goes on
# where it was. What the first seed was at 6,000 is kept, so that three equal trainings can be averaged.
predictors: $(READY)
	for seed in 0 1 2; do \
	  for preset in dct-mlp aligned-conv paper; do \
	    run=runs/$$preset-$$seed; more=; \
	    if [ $$preset = paper ]; then more="--iterations 6000 --checkpoint-interval 500"; fi; \
	    if [ -e $$run/run.json ]; then more=--resume; else more="--dataset cmu --preset $$preset --seed $$seed --watch nothing $$more"; fi; \
	    $(BIN)/cs2s train --run $$run $$more || exit 1; \
	  done; \
	done
	if [ ! -e runs/paper-6000-0 ]; then rm -rf runs/copying && cp -r runs/paper-0 runs/copying && mv runs/copying runs/paper-6000-0; fi
	$(BIN)/cs2s train --run runs/paper-0 --resume --iterations 20000
	for preset in dct-mlp aligned-conv paper; do $(BIN)/cs2s export runs/$$preset-0 --out data/pretrained/$$preset.npz; done
	$(BIN)/cs2s export runs/dct-mlp-? runs/aligned-conv-? --out data/pretrained/average.npz
	$(BIN)/cs2s export $(RUN) --out data/pretrained/demo.npz
	$(BIN)/cs2s results runs/paper-? runs/paper-6000-0 runs/aligned-conv-? runs/dct-mlp-?

figures: $(READY)
	$(BIN)/cs2s animate $(RUN)/samples.h5 --action walking --sample 4 --out figures/walking.gif
	$(BIN)/python -c "from cs2s.network_figures import plot_network; plot_network().savefig('figures/network.png', dpi=160)"

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

# Pins for a reproducible set-up, without the address of any registry.
constraints: $(READY)
	$(BIN)/uv pip compile --quiet --universal --upgrade --all-extras --python-version 3.11 \
	  --no-header --no-annotate pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) $(RUN)
