export { publisherIn } from './publisher.ts';
export { type FileStore, openFileStore } from './store.ts';
export { type NodeWallet, type NodeWalletOptions, openNodeWallet } from './wallet.ts';
