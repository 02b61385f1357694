import { fileURLToPath } from 'node:url';
import type { Bytes } from '@tallystick/protocol';
import { fileHeaders, offlineFile, type SiteFile } from '@tallystick/tre/site';
import { build } from 'esbuild';
import { type AppOrigins, documentHeaders } from './headers.ts';

export interface AppSiteOptions extends AppOrigins {
  /** The program, which draws into `#app`. */
  readonly entry: URL;
  readonly name: string;
  /** Below an icon. */
  readonly shortName: string;
  readonly description: string;
  /** A square picture in SVG, whose outer tenth may be cut off. */
  readonly icon: Bytes;
  /** What the program declares and is told when it is built. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Files besides, with their headers. */
  readonly files?: readonly SiteFile[];
}

const ICON = '/icon.svg';
const MANIFEST = '/manifest.webmanifest';

/**
 * The static files of an app's origin: the page, its program in parts that are loaded when they are needed, styles,
 * icon, manifest, and the service worker that keeps all of it for when there is no network.
 */
export async function buildAppSite(options: AppSiteOptions): Promise<readonly SiteFile[]> {
  const { icon, files = [] } = options;
  const parts = await bundle(options);
  const manifest = text(JSON.stringify(manifestOf(options)));
  const pages: readonly SiteFile[] = [
    { path: '/', bytes: text(html(options, parts)), headers: documentHeaders(options) },
    { path: MANIFEST, bytes: manifest, headers: fileHeaders('application/manifest+json') },
    { path: ICON, bytes: icon, headers: fileHeaders('image/svg+xml') },
    ...parts.map(({ path, bytes }) => ({ path, bytes, headers: fileHeaders(typeOf(path)) })),
    ...files,
  ];
  return [...pages, await offlineFile(pages)];
}

interface Part {
  readonly path: string;
  readonly bytes: Bytes;
  readonly isEntry: boolean;
}

/** The program and its styles, named by their content. */
async function bundle({ entry, constants = {} }: AppSiteOptions): Promise<readonly Part[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: '/',
    absWorkingDir: '/',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  // Parts that are loaded later are entries of their own to the bundler.
  const main = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint !== undefined && fileURLToPath(entry).endsWith(entryPoint),
  );
  const entries = new Set([main?.[0], main?.[1].cssBundle].map((path) => `/${path}`));
  return outputFiles.map(({ path, contents }) => ({
    path,
    bytes: new Uint8Array(contents),
    isEntry: entries.has(path),
  }));
}

function html({ name, description }: AppSiteOptions, parts: readonly Part[]): string {
  const [script, style] = ['.js', '.css'].map((end) =>
    parts.find(({ path, isEntry }) => isEntry && path.endsWith(end)),
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)">',
    '<meta name="theme-color" content="#14171a" media="(prefers-color-scheme: dark)">',
    `<meta name="description" content="${description}">`,
    `<title>${name}</title>`,
    `<link rel="manifest" href="${MANIFEST}">`,
    `<link rel="icon" href="${ICON}" type="image/svg+xml">`,
    ...(style === undefined ? [] : [`<link rel="stylesheet" href="${style.path}">`]),
    `<script type="module" src="${script?.path}"></script>`,
    `<div id="app"></div>`,
    `<noscript>${name} needs JavaScript.</noscript>`,
    '',
  ].join('\n');
}

function manifestOf({ name, shortName, description }: AppSiteOptions): object {
  return {
    id: '/',
    name,
    short_name: shortName,
    description,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#fbfaf7',
    icons: [
      { src: ICON, sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      { src: ICON, sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
    ],
  };
}

function typeOf(path: string): string {
  return path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
}

function text(of: string): Bytes {
  return new TextEncoder().encode(of);
}
