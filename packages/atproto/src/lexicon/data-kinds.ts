import { Cid, type DataObject } from '../codec/index.ts'

/** A file that lies beside the repository, as records refer to it. */
export interface BlobRef {
  readonly $type: 'blob'
  readonly ref: Cid
  readonly mimeType: string
  /** Bytes. */
  readonly size: number
}

/** Whether a value is a map of the data model: neither a list, nor bytes, nor a link. */
export function isMap(value: unknown): value is DataObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Cid) &&
    !(value instanceof Uint8Array)
  )
}

/** Whether a media type is one that a pattern such as `image/*` means. */
export function isMediaType(type: string, pattern: string): boolean {
  return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)))
}
