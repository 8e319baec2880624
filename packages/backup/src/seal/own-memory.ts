/**
 * The memory of bytes that lie in it alone, as a list of what may go to another thread; empty when they share it, as those of
 * Node's pool do: it would take others' bytes with it.
 */
export function ownMemory({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
