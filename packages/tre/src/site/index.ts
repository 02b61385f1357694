export { bundleForBrowser } from './bundle.ts';
export { buildElementSite, type ElementSiteOptions } from './element.ts';
export type { SiteFile } from './file.ts';
export { contentPolicy, documentHeaders, fileHeaders, scriptHeaders } from './headers.ts';
export { machineFile } from './machine.ts';
export { offlineFile } from './offline.ts';
