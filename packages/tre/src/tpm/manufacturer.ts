import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isSystemError } from '../node/folder.ts';
import { TpmFailure } from './structures.ts';

const run = promisify(execFile);
const MANUFACTURE_MS_MAX = 60_000;

/**
 * Stands in for those who make TPMs: a certification authority of its own in a folder, which gives emulated
 * TPMs an endorsement key with a certificate (swtpm_setup). Its keys lie beside it, so its word is worth
 * nothing outside tests and sandboxes.
 */
export class TpmManufacturer {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** The manufacturer in a folder, which is made where there is none. */
  static async in(folder: string): Promise<TpmManufacturer> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const at = (name: string): string => join(folder, name);
    await writeFile(
      at('authority.conf'),
      [
        `statedir = ${folder}`,
        `signingkey = ${at('signkey.pem')}`,
        `issuercert = ${at('issuercert.pem')}`,
        `certserial = ${at('certserial')}`,
        '',
      ].join('\n'),
    );
    await writeFile(
      at('options'),
      '--platform-manufacturer Tallystick --platform-model emulated\n',
    );
    await writeFile(
      at('setup.conf'),
      [
        'create_certs_tool = /usr/bin/swtpm_localca',
        `create_certs_tool_config = ${at('authority.conf')}`,
        `create_certs_tool_options = ${at('options')}`,
        '',
      ].join('\n'),
    );
    const manufacturer = new TpmManufacturer(folder);
    // It has certificates only once it has made something.
    if (!existsSync(at('issuercert.pem'))) await manufacturer.make(at('first'));
    return manufacturer;
  }

  /** Makes the state of a new TPM in a folder. Rejects with TpmFailure, which says what to install. */
  async make(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const args = ['--tpm2', '--tpmstate', folder, '--config', join(this.#folder, 'setup.conf')];
    const options = { timeout: MANUFACTURE_MS_MAX };
    await run('swtpm_setup', [...args, '--create-ek-cert', '--pcr-banks', 'sha256'], options).catch(
      (error: unknown) => {
        const why = isSystemError(error) && error.code === 'ENOENT' ? INSTALL : String(error);
        throw new TpmFailure('TPM_UNREACHABLE', `no TPM could be made: ${why}`);
      },
    );
  }

  /** The certificates of the keys that certify, X.509 in PEM: the root's, and the one that it certifies TPMs with. */
  async certificates(): Promise<{ readonly root: string; readonly issuing: string }> {
    const read = (name: string): Promise<string> => readFile(join(this.#folder, name), 'utf8');
    return {
      root: await read('swtpm-localca-rootca-cert.pem'),
      issuing: await read('issuercert.pem'),
    };
  }
}

const INSTALL = 'swtpm_setup is not installed: apt-get install swtpm swtpm-tools';
