import { type Bytes, LIMITS } from '@tallystick/protocol';
import { everyMessage } from '@tallystick/protocol/vectors/material';
import { decodeBase45, encodeBase45, encodeQr, QrAssembler } from '@tallystick/wallet';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';

const utf8 = new TextEncoder();
const latin1 = (input: Bytes): string => Buffer.from(input).toString('latin1');

/** What a camera brings: texts of codes, one a line (TS-SES-4). */
export function transportTargets(): Target[] {
  const frames = everyMessage.filter(({ name }) => name === 'frame').map(({ bytes }) => bytes);
  const texts = frames.flatMap((frame) => [encodeBase45(frame), `TS1:${encodeBase45(frame)}`]);
  return [
    {
      ...BOUNDS,
      name: 'base45',
      seeds: texts.map((text) => utf8.encode(text)),
      run: (input) => {
        const text = latin1(input);
        const bytes = decodeBase45(text);
        if (bytes === null) return;
        mustHold(encodeBase45(bytes) === text, 'an accepted base45 text has another spelling');
      },
    },
    {
      ...BOUNDS,
      name: 'qr',
      seeds: [...frames.map(still), animation(2_000), animation(30_000)],
      run: (input) => {
        const assembler = new QrAssembler();
        for (const line of latin1(input).split('\n')) {
          const scan = assembler.add(line);
          if (!scan.ok || !('done' in scan.value)) continue;
          const { length } = scan.value.done;
          mustHold(length > 0 && length <= LIMITS.frameBytes, `a scanned frame of ${length} bytes`);
        }
      },
    },
  ];
}

function still(frame: Bytes): Bytes {
  return utf8.encode(encodeQr(frame).text(0));
}

/** Enough parts of an animated code for its frame, some of them mixed. */
function animation(frameBytes: number): Bytes {
  const code = encodeQr(Uint8Array.from({ length: frameBytes }, (_, index) => index * 7));
  const lines = Array.from({ length: code.parts + 4 }, (_, index) => code.text(index + 2));
  return utf8.encode(lines.join('\n'));
}
