import type { Answer, RunningServer } from '@tallystick/backend';
import { buildConsoleSite } from '@tallystick/console-app/site';
import {
  buildPlaygroundSite,
  buildThiefFiles,
  type DeviceSetting,
} from '@tallystick/playground/site';
import { buildTerminalSite } from '@tallystick/terminal-app/site';
import { buildElementSite, type SiteFile } from '@tallystick/tre/site';
import { buildWalletSite } from '@tallystick/wallet-app/site';
import { type Origin, Origins, type OriginsOptions } from './origins.ts';
import { playgroundControls } from './playground-controls.ts';
import { interfaceOf, nothingElse } from './static-answer.ts';

/** Origin of each app. */
interface AppAddresses {
  readonly playground: string;
  readonly wallet: string;
  /** The element that has the wallet's purse; nothing to look at. */
  readonly element: string;
  readonly terminal: string;
  /** The console of those who run the backend. */
  readonly console: string;
}

export interface RunningApps {
  readonly at: AppAddresses;
  stop(): Promise<void>;
}

/** A device: an app, and the element that has its purse. */
interface Device extends Pick<DeviceSetting, 'name' | 'kind'> {
  readonly app: Origin;
  readonly element: Origin;
  readonly build: (around: Around) => Promise<readonly SiteFile[]>;
}

interface Around {
  /** Origin of the element. */
  readonly element: string;
  readonly embedders: readonly string[];
}

/**
 * Serves the apps of a backend, each on an origin of its own.
 *
 * @throws ServerError
 */
export async function serveApps(
  { answer, backend, staff }: Pick<RunningServer, 'answer' | 'backend' | 'staff'>,
  options: OriginsOptions,
): Promise<RunningApps> {
  const origins = new Origins(options);
  try {
    // They name each other in what they are built with, so all listen before any has something to serve.
    const playground = await origins.next();
    const ada = await openDevice(origins, 'ada', 'phone', buildWalletSite);
    const ben = await openDevice(origins, 'ben', 'phone', buildWalletSite);
    const shop = await openDevice(origins, 'shop', 'till', buildTerminalSite);
    const operators = await origins.next();
    const devices = [ada, ben, shop];
    const embedders = [playground.url];
    const api = interfaceOf(answer);
    const insiders = await buildThiefFiles(playground.url);
    for (const device of devices) {
      await serveDevice(device, api, {
        embedders,
        insiders,
        publisher: backend.authority.publisher,
      });
    }
    const reachable = devices.map(({ name, app, element }) => [name, [app, element]] as const);
    const controls = { backend, devices: new Map(reachable) };
    operators.serve(await buildConsoleSite({ embedders }), api);
    staff.admit({ origin: operators.url, embedders });
    const setting = { devices: devices.map(settingOf), console: operators.url };
    playground.serve(await buildPlaygroundSite(setting), playgroundControls(controls, api));
    const at = {
      playground: playground.url,
      wallet: ada.app.url,
      element: ada.element.url,
      terminal: shop.app.url,
      console: operators.url,
    };
    return { at, stop: () => origins.stop() };
  } catch (error) {
    await origins.stop();
    throw error;
  }
}

async function openDevice(
  origins: Origins,
  name: string,
  kind: Device['kind'],
  build: Device['build'],
): Promise<Device> {
  return { name, kind, build, app: await origins.next(), element: await origins.next() };
}

type ElementParts = Omit<Parameters<typeof buildElementSite>[0], 'apps'> & {
  readonly embedders: readonly string[];
};

async function serveDevice(
  { app, element, build }: Device,
  api: Answer,
  parts: ElementParts,
): Promise<void> {
  element.serve(await buildElementSite({ ...parts, apps: [app.url] }), nothingElse);
  app.serve(await build({ element: element.url, embedders: parts.embedders }), api);
}

function settingOf({ name, kind, app, element }: Device): DeviceSetting {
  return { name, kind, app: app.url, element: element.url };
}
