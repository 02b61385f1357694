export { type AppSiteOptions, buildAppSite } from './app.ts';
