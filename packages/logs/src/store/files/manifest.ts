import { storeErrors } from '../errors.ts'
import type { SegmentSummary } from '../segment/segment-builder.ts'

/** A segment as the manifest knows it. */
export interface SegmentEntry extends SegmentSummary {
  readonly name: string
  /** Of its file. */
  readonly bytes: number
}

/** What a store consists of. Whatever is not named here is not there: replacing it is the one moment of every change. */
export interface Manifest {
  readonly version: 1
  /** One more with each change. */
  readonly generation: number
  readonly segments: readonly SegmentEntry[]
  /** Given to the next line. */
  readonly nextSequence: number
  /** Part of the next segment's name. */
  readonly nextSegment: number
  /** Files of the log before this one are in segments. */
  readonly walFrom: number
  /** Per source, the sequence of the first line that is in no segment. */
  readonly places: Readonly<Record<string, number>>
}

/** Of a store in which nothing was ever written. */
export const emptyManifest: Manifest = {
  version: 1,
  generation: 0,
  segments: [],
  nextSequence: 1,
  nextSegment: 1,
  walFrom: 1,
  places: {},
}

/** The bytes of a manifest. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
}

/** Reads a manifest. @throws `LOGS_STORE_MANIFEST_DAMAGED` */
export function decodeManifest(path: string, bytes: Uint8Array): Manifest {
  try {
    const manifest = JSON.parse(Buffer.from(bytes).toString()) as Manifest
    if (manifest.version !== 1) throw new RangeError(`it is of version ${String(manifest.version)}`)
    if (!Array.isArray(manifest.segments) || typeof manifest.places !== 'object')
      throw new RangeError('parts are missing')
    for (const each of [manifest.generation, manifest.nextSequence, manifest.nextSegment, manifest.walFrom])
      if (!Number.isSafeInteger(each)) throw new RangeError('a number is missing')
    return manifest
  } catch (cause) {
    throw storeErrors.LOGS_STORE_MANIFEST_DAMAGED({ path, reason: (cause as Error).message }, { cause })
  }
}
