/**
 * Writes the trusted application's image and its measurement to `build/`, for looking at and for
 * publishing: anyone with these sources gets the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { toHex } from '@tallystick/protocol';
import { bundleTrustedApp } from '@tallystick/tre/image';

const folder = new URL('../build/', import.meta.url);
const { code, measurement } = await bundleTrustedApp();
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('trusted-app.js', folder), code);
// As `sha256sum --check` reads it.
writeFileSync(new URL('trusted-app.js.sha256', folder), `${toHex(measurement)}  trusted-app.js\n`);
console.log(`${toHex(measurement)}  build/trusted-app.js (${code.length} bytes)`);
