import type { ObjectInfo } from '../../storage/object-store.ts'
import { decodeMetadataValue, encodeMetadataValue } from '../../storage/metadata.ts'

/** The metadata field by which a writer recognises an object as its own after a lost answer. */
const writeIdField = 'exprsn-write-id'
/** Says that values are percent-encoded: headers carry ASCII alone. */
const encodingField = 'exprsn-encoding'

/** User metadata as it is sent. */
export function encodeMetadata(metadata: ObjectInfo['metadata'], writeId: string): Record<string, string> {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, encodeMetadataValue(value)] as const)
  const encoded = entries.some(([name, value]) => metadata?.[name] !== value)
  return {
    ...Object.fromEntries(entries),
    ...(encoded ? { [encodingField]: 'percent' } : {}),
    [writeIdField]: writeId,
  }
}

/** User metadata as it was given; undefined when there is none. Fields of the store itself are left out. */
function decodeMetadata(sent: Readonly<Record<string, string>> | undefined): ObjectInfo['metadata'] {
  const encoded = sent?.[encodingField] === 'percent'
  const entries = Object.entries(sent ?? {}).filter(([name]) => name !== writeIdField && name !== encodingField)
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name, encoded ? decodeMetadataValue(value) : value]))
}

/** The id of the put that wrote an object. */
export function writeIdOf(sent: Readonly<Record<string, string>> | undefined): string | undefined {
  return sent?.[writeIdField]
}

interface ObjectOutput {
  readonly ETag?: string | undefined
  readonly LastModified?: Date | undefined
  readonly ContentType?: string | undefined
  readonly Metadata?: Record<string, string> | undefined
  readonly ObjectLockRetainUntilDate?: Date | undefined
}

/** What S3 calls an object of unknown type; sent because the SDK would claim another one. */
export const unknownType = 'binary/octet-stream'

/** What an answer tells about an object. */
export function objectInfo(key: string, size: number, output: ObjectOutput): ObjectInfo {
  const { ContentType: contentType } = output
  return {
    key,
    size,
    etag: plainTag(output.ETag),
    modifiedAt: output.LastModified ?? new Date(0),
    metadata: decodeMetadata(output.Metadata),
    contentType: contentType === unknownType ? undefined : contentType,
    lockedUntil: output.ObjectLockRetainUntilDate,
  }
}

/** An etag without its quotes. */
export function plainTag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '')
}
