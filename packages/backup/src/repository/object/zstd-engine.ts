import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { CompressionSettings } from './compression.ts'

/**
 * One context of zstd that serves frame after frame. node:zlib's one-shot calls make a new one each time, which for files of
 * a few kilobytes takes as long as the work itself and leaves the memory of all of them to the collector: with one context
 * packing takes 0.7 of the time, unpacking half (117 MB in 6,400 files, Node 24).
 */
export interface ZstdEngine {
  /**
   * Packs or unpacks one whole frame into `target`, which has room for more when packing. The bytes that came out; undefined:
   * it did not work, now and from now on.
   */
  run(bytes: Uint8Array, target: Uint8Array): number | undefined
}

/** An engine that packs; undefined where node:zlib lacks the calls. */
export function zstdPacker({ level, minMatch }: CompressionSettings): ZstdEngine | undefined {
  const params: Record<number, number> = { [constants.ZSTD_c_compressionLevel]: level }
  if (minMatch > 0) params[constants.ZSTD_c_minMatch] = minMatch
  return engineOf(createZstdCompress({ params }), { flush: constants.ZSTD_e_end, leastRoom: 1 })
}

/** An engine that unpacks; undefined where node:zlib lacks the calls. What it unpacked may not be the whole frame. */
export function zstdUnpacker(): ZstdEngine | undefined {
  return engineOf(createZstdDecompress(), { flush: constants.ZSTD_e_continue, leastRoom: 0 })
}

/** What lies behind node:zlib's streams: the calls with which its own synchronous functions work. */
interface ZstdStream {
  readonly _handle?: {
    writeSync?(
      flush: number,
      from: Uint8Array,
      fromAt: number,
      fromLength: number,
      into: Uint8Array,
      intoAt: number,
      intoLength: number,
    ): void
  } | null
  /** After a call: bytes of room left in `into`, bytes not taken yet. */
  readonly _writeState?: Uint32Array
}

function engineOf(
  stream: ReturnType<typeof createZstdCompress> | ReturnType<typeof createZstdDecompress>,
  // A packer that fills its target to the end may hold more back.
  { flush, leastRoom }: { readonly flush: number; readonly leastRoom: number },
): ZstdEngine | undefined {
  const { _handle: handle, _writeState: state } = stream as unknown as ZstdStream
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array) || state.length !== 2) return undefined
  // A stream that met something invalid is destroyed, which it tells as an event, too.
  stream.on('error', () => {})
  return {
    run(bytes, target) {
      if (stream.destroyed) return undefined
      state.fill(0xffff_ffff)
      handle.writeSync!(flush, bytes, 0, bytes.length, target, 0, target.length)
      const [room, left] = state as unknown as readonly [number, number]
      const isWhole = !stream.destroyed && left === 0 && room >= leastRoom && room <= target.length
      if (!isWhole) stream.destroy()
      return isWhole ? target.length - room : undefined
    },
  }
}
