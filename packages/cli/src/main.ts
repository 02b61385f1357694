#!/usr/bin/env node
process.stderr.write('tallystick: no command is built yet\n');
process.exitCode = 1;
