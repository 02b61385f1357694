/** Writes the test vectors and the measured tables of the specification from the code (`npm run vectors`). */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileText, vectorFiles, withTables } from '@tallystick/protocol/vectors/generate';

const spec = new URL('../spec/', import.meta.url);

for (const file of vectorFiles) {
  writeFileSync(new URL(`vectors/${file.chapter}.json`, spec), fileText(file));
}
for (const name of readdirSync(spec).filter((each) => each.endsWith('.md'))) {
  const path = new URL(name, spec);
  const text = readFileSync(path, 'utf8');
  const written = withTables(text);
  if (written !== text) writeFileSync(path, written);
}

const count = vectorFiles.reduce((sum, { vectors }) => sum + vectors.length, 0);
console.log(`${count} vectors in ${vectorFiles.length} files`);
