/** The worker of a virtual secure element in a browser. */
import machine from '@jitl/quickjs-wasmfile-release-sync/wasm';
import type { ElementConfiguration } from '../../configuration.ts';
import { runWorker } from './run.ts';

/** Put in when the element is built. */
declare const ELEMENT: ElementConfiguration;

const clock = (): number => Math.floor(Date.now() / 1_000);
runWorker({ configuration: ELEMENT, machine, clock });
