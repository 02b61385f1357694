export { bundleTrustedApp, type TrustedAppImage } from './bundle.ts';
export { type PublisherKey, readPublisherKey, signImage } from './sign.ts';
