/** The file of the virtual machine, as bundles take it in: its bytes. */
declare module '@jitl/quickjs-wasmfile-release-sync/wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
