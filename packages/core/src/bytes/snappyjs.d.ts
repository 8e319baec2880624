declare module 'snappyjs' {
  const snappy: {
    compress(bytes: Uint8Array): Uint8Array
    uncompress(bytes: Uint8Array): Uint8Array
  }
  // oxlint-disable-next-line import/no-default-export -- the package's own shape
  export default snappy
}
