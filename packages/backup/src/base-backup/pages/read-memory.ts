import { crc32c, instantiateWasm } from '@exprsn/core/bytes'
import type { Lsn } from '../../replication/lsn.ts'
import { checksumStarts, isPageFitForBackup } from './page-checksum.ts'
import { pageSize } from './page.ts'
import { pagesWasm } from './pages.wasm.ts'

/** Memory that files are read into, and what is computed over them there: nothing has to be copied for it. */
export interface ReadMemory {
  /** Two, so that one is filled while the other is worked on. */
  readonly buffers: readonly [Uint8Array, Uint8Array]
  /**
   * Index of the first page that is not {@link isPageFitForBackup | fit for a backup that began at `start`}; the number of pages when
   * there is none.
   *
   * @param pages Whole pages in one of the buffers.
   * @param block Number of the first one in its relation.
   */
  firstUnfit(pages: Uint8Array, block: number, start: Lsn): number
  /** {@link crc32c} of bytes in one of the buffers, which may be changed meanwhile. */
  crc32c(bytes: Uint8Array, seed: number): number
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  firstWrong(from: number, pages: number, block: number, start: bigint): number
  fold(at: number, bytes: number): void
}

/** Bytes of a buffer. */
export const pieceSize = 262_144

/** Where the kernel has its tables and results; see `wasm/pages.ts` of the package. */
const layout = { starts: 0, rest: 1_024, input: 65_536 }
/** Bytes that are left of a fold, however many there were. */
const restSize = 209 * 16
/** Below this, folding takes longer than it saves. */
const shortestFold = 8 * 1_024

/** The kernel with its memory; in plain JavaScript where the machine has none. */
export function createReadMemory(module = pagesWasm): ReadMemory {
  const kernel = instantiateWasm<Kernel>(module)
  return kernel === undefined ? plainReadMemory() : kernelReadMemory(kernel)
}

function kernelReadMemory(kernel: Kernel): ReadMemory {
  const { buffer } = kernel.memory
  new Uint32Array(buffer, layout.starts, checksumStarts.length).set(checksumStarts)
  const rest = new Uint8Array(buffer, layout.rest, restSize)
  const bufferAt = (index: number): Uint8Array => new Uint8Array(buffer, layout.input + index * pieceSize, pieceSize)
  return {
    buffers: [bufferAt(0), bufferAt(1)],
    firstUnfit: (pages, block, start) => kernel.firstWrong(pages.byteOffset, pages.length / pageSize, block, start),
    crc32c(bytes, seed) {
      if (bytes.length < shortestFold) return crc32c(bytes, seed)
      const whole = bytes.length & ~15
      // A checksum that goes on is one that begins, of bytes of which the first four are changed.
      const view = new DataView(buffer, bytes.byteOffset)
      const first = view.getUint32(0, true)
      view.setUint32(0, first ^ ~seed, true)
      kernel.fold(bytes.byteOffset, whole)
      view.setUint32(0, first, true)
      return crc32c(bytes.subarray(whole), crc32c(rest, nothingBefore))
    },
  }
}

/** The seed with which the register of a CRC-32C begins as zero. */
const nothingBefore = 0xffff_ffff

function plainReadMemory(): ReadMemory {
  return {
    buffers: [new Uint8Array(pieceSize), new Uint8Array(pieceSize)],
    firstUnfit(pages, block, start) {
      const count = pages.length / pageSize
      const words = new Uint32Array(pages.buffer, pages.byteOffset, pages.length / 4)
      for (let index = 0; index < count; index++)
        if (
          !isPageFitForBackup(
            words.subarray((index * pageSize) / 4, ((index + 1) * pageSize) / 4),
            block + index,
            start,
          )
        )
          return index
      return count
    },
    crc32c,
  }
}
