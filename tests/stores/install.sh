#!/usr/bin/env bash
# Installs the stores of the tests that are not Python packages in the folder $1, each only once:
# Azurite, and an sshd beside the system where it has none. What cannot be installed is left out.
# A package `openssh-server` that apt-get installs would be a service of this machine at once, so
# its files are only unpacked.
set -uo pipefail
mkdir -p "$1"
cd "$1"
version=azurite@3.37.0
if command -v npm >/dev/null && [ "$(cat azurite/packages 2>/dev/null)" != "$version" ]; then
  mkdir -p azurite
  if npm install --prefix azurite --ignore-scripts --no-audit --no-fund --silent "$version"; then
    echo "$version" >azurite/packages
  else
    rm -rf azurite
  fi
fi
if [ ! -x /usr/sbin/sshd ] && [ ! -x sshd/usr/sbin/sshd ] && command -v apt-get dpkg >/dev/null; then
  rm -rf sshd
  mkdir -p sshd
  (cd sshd && apt-get download -qq openssh-server openssh-sftp-server libwrap0 2>/dev/null &&
    for package in *.deb; do dpkg -x "$package" .; done; rm -f ./*.deb)
  [ -x sshd/usr/sbin/sshd ] || rm -rf sshd
fi
exit 0
