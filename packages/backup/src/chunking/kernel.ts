import { instantiateWasm } from '@exprsn/core/bytes'
import { chunkersWasm } from './chunkers.wasm.ts'

/** The inner loops in WebAssembly; see `wasm/chunkers.ts` of the package. */
export interface ChunkerKernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  reset(): void
  gear(from: number, to: number, mask: number): number
  rabinFill(from: number, to: number): void
  rabin(from: number, to: number, mask: bigint): number
  rabinIsCut(mask: bigint): number
}

/** Where the kernel takes its input. What stands before it is the window's past. */
const input = 65_536
/** How much it takes at a time: half of a processor's second-level cache. */
const windowSize = 256 * 1_024

/** A kernel of its own for each chunker, or undefined where the machine has none. */
export function createKernel(base64 = chunkersWasm): ChunkerKernel | undefined {
  return instantiateWasm(base64)
}

/**
 * Hands bytes to a kernel's loop window by window, each with the 64 bytes before it. `search` gets addresses in the
 * kernel's memory and answers with one, or 0; the result is a position in `bytes`, or 0.
 */
export function searchWindows(
  memory: Uint8Array,
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  search: (from: number, to: number) => number,
): number {
  for (let at = from; at < to; at += windowSize) {
    const end = Math.min(at + windowSize, to)
    const past = Math.min(64, at)
    memory.set(bytes.subarray(at - past, end), input - past)
    const cut = search(input, input + end - at)
    if (cut !== 0) return at + cut - input
  }
  return 0
}
