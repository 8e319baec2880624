import { crc32 } from 'node:zlib'
import { ExprsnError } from '@exprsn/core'
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
  /** Files of lines handed over that are in segments, and may not be removed yet. @default [] */
  readonly handedOver?: readonly string[] | undefined
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
  handedOver: [],
}

/** The bytes of a manifest. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const content = { ...manifest, check: crc32(JSON.stringify(manifest)) }
  return Buffer.from(`${JSON.stringify(content, null, 1)}\n`)
}

/** Reads a manifest. @throws `LOGS_STORE_MANIFEST_DAMAGED`, `LOGS_STORE_MANIFEST_VERSION` */
export function decodeManifest(path: string, bytes: Uint8Array): Manifest {
  let manifest: Manifest
  try {
    const { check, ...content } = JSON.parse(Buffer.from(bytes).toString()) as Manifest & { readonly check?: number }
    manifest = content
    if (typeof manifest.version !== 'number') throw new RangeError('it names no version')
    // The first stores wrote none. It comes before the version: one flipped bit makes a 9 of a 1.
    if (check !== undefined && crc32(JSON.stringify(manifest)) !== check) throw new RangeError('its checksum is wrong')
    if (manifest.version === 1) checkContent(manifest)
  } catch (cause) {
    throw storeErrors.LOGS_STORE_MANIFEST_DAMAGED({ path, reason: (cause as Error).message }, { cause })
  }
  const { version } = manifest as { readonly version: number }
  if (version !== 1) throw storeErrors.LOGS_STORE_MANIFEST_VERSION({ path, version })
  return manifest
}

/** Whether reading a manifest has failed because of what stands there. */
export function isDamage(error: unknown): error is ExprsnError {
  return ExprsnError.is(error) && error.code === 'LOGS_STORE_MANIFEST_DAMAGED'
}

function checkContent(manifest: Manifest): void {
  if (!Array.isArray(manifest.segments) || typeof manifest.places !== 'object')
    throw new RangeError('parts are missing')
  for (const each of [manifest.generation, manifest.nextSequence, manifest.nextSegment, manifest.walFrom])
    if (!Number.isSafeInteger(each)) throw new RangeError('a number is missing')
}
